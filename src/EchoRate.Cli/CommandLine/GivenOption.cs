namespace EchoRate.Cli.CommandLine;

/// <summary>An option that was given.</summary>
/// <param name="Name">Its name with the dashes.</param>
/// <param name="Value">Its value; of a flag <c>true</c> or <c>false</c>.</param>
internal sealed record GivenOption(string Name, string Value)
{
    /// <summary>One word of a command line. The value may begin with a dash.</summary>
    public string Word => $"{Name}={Value}";
}
