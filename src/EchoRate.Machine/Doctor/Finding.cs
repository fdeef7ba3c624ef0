namespace EchoRate.Machine.Doctor;

/// <summary>Something that the doctor noticed.</summary>
/// <param name="Code">A stable word for programs.</param>
/// <param name="Message">What is, in one sentence.</param>
/// <param name="Remedy">What to do about it; null where there is nothing to do, or nothing that we know.</param>
public sealed record Finding(string Code, string Message, string? Remedy)
{
    /// <summary>The backend that it concerns; null for the machine as a whole.</summary>
    public string? Backend { get; init; }
}
