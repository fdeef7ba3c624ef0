namespace EchoRate.Core.Arms;

/// <summary>A condition: what goes in front of the thing probed. Owns its spelling and the help text that lists it.</summary>
public sealed record Arm
{
    /// <summary>[X]: nothing in front. The finding.</summary>
    public static readonly Arm Without = new("without");

    /// <summary>[BOS, X]: the usual condition.</summary>
    public static readonly Arm With = new("with");

    /// <summary>[N, X] for several N that are not BOS: is it BOS, or any first token?</summary>
    public static readonly Arm Neutral = new("neutral");

    /// <summary>What is measured when nobody says otherwise.</summary>
    public static readonly IReadOnlyList<Arm> Default = [Without, With];

    /// <summary>Every arm, as users may write it.</summary>
    public static readonly IReadOnlyList<Arm> All = [Without, With, Neutral];

    private Arm(string name) => Name = name;

    /// <summary>The arm's name in options and in the column <c>arm</c>.</summary>
    public string Name { get; }

    /// <summary>The names that are allowed, for help and errors.</summary>
    public static string Allowed => string.Join(", ", All.Select(arm => arm.Name));

    /// <summary>Finds an arm by its name; null where there is none.</summary>
    public static Arm? Find(string name) =>
        All.FirstOrDefault(arm => arm.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    public override string ToString() => Name;
}
