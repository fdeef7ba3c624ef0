namespace EchoRate.Core.Engine;

/// <summary>What an engine says of itself, as data: which it is, and what it computes with. It can be asked for in another process.</summary>
public sealed record EngineFacts
{
    /// <summary>The engine's name (<see cref="IEngine.Name"/>).</summary>
    public required string Name { get; init; }

    /// <summary>The version of its library (<see cref="IEngine.Version"/>).</summary>
    public required string Version { get; init; }

    /// <summary>What it computes with (<see cref="IEngine.Report"/>).</summary>
    public required EngineReport Report { get; init; }

    /// <summary>The facts of an engine that is loaded in this process.</summary>
    public static EngineFacts Of(IEngine engine)
    {
        ArgumentNullException.ThrowIfNull(engine);
        return new EngineFacts
        {
            Name = engine.Name,
            Version = engine.Version,
            Report = engine.Report,
        };
    }
}
