namespace EchoRate.Cli.CommandLine;

/// <summary>An option that takes several values, separated by commas or given again, each once: <c>--arms without,with</c>.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class CommaListAttribute : Attribute;

/// <summary>The least and the most that a number may be.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class BetweenAttribute(double least, double most) : Attribute
{
    public double Least { get; } = least;

    public double Most { get; } = most;
}
