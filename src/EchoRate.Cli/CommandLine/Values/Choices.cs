namespace EchoRate.Cli.CommandLine.Values;

/// <summary>How products of weights are computed.</summary>
internal enum ArithmeticChoice
{
    /// <summary>In F32, on the CPU.</summary>
    Exact,

    /// <summary>As llama.cpp computes on the device.</summary>
    Library,

    /// <summary>Every row twice.</summary>
    Both,
}

/// <summary>Whether files that no manifest names are quantizations of one model.</summary>
internal enum SameModel
{
    /// <summary>Headers and names decide.</summary>
    Auto,

    /// <summary>The user says that they are.</summary>
    Yes,

    /// <summary>The user says that they are not.</summary>
    No,
}
