using Cocona;

namespace EchoRate.Cli.Requests;

/// <summary>The options of every command that answers a program as well as a person.</summary>
internal record JsonRequest : ICommandParameterSet
{
    [Option("json", Description = "Print one JSON object")]
    public bool Json { get; init; }
}
