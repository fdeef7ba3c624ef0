namespace EchoRate.Core.Engine;

/// <summary>
/// The port: what a library that evaluates language models has to offer. What is common to engines (arms, batch planning,
/// shared prefixes, scoring) is written once, above this line.
/// </summary>
public interface IEngine
{
    /// <summary>What the engine says of itself; for <c>run.json</c>. It is asked anew each time.</summary>
    EngineFacts Facts { get; }

    /// <summary>Loads one model file. The caller disposes it before loading the next, so that memory is free between files.</summary>
    /// <exception cref="EngineException">The file cannot be loaded, or memory does not suffice.</exception>
    IModelSession Load(string path, LoadOptions options);

    /// <summary>
    /// Loads a file's vocabulary alone: no weights, so that the largest file is there at once, and a file without any will do. No device is
    /// opened.
    /// </summary>
    /// <param name="path">The file, the first part of a split one.</param>
    /// <param name="withoutSpacePrefix">As in <see cref="LoadOptions.WithoutSpacePrefix"/>.</param>
    /// <param name="log">Receives what the library logs, line by line; null drops it.</param>
    /// <exception cref="EngineException">The file cannot be loaded, or holds no vocabulary.</exception>
    ILoadedVocabulary LoadVocabulary(
        string path,
        bool withoutSpacePrefix,
        Action<string>? log = null
    );
}
