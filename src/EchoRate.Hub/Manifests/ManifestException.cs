using YamlDotNet.Core;

namespace EchoRate.Hub.Manifests;

/// <summary>A manifest that cannot be read; the message is one line with the place of a problem.</summary>
public sealed class ManifestException : Exception
{
    /// <summary>Makes the message.</summary>
    /// <param name="path">The manifest's path.</param>
    /// <param name="line">Line from 1; 0 when the problem is the file itself.</param>
    /// <param name="column">Column from 1, in UTF-16 units as editors count.</param>
    /// <param name="text">What is wrong and what is allowed, in one line.</param>
    internal ManifestException(string path, long line, long column, string text)
        : base($"{Wording.Plain(path)}:{(line == 0 ? "" : $"{line}:{column}:")} {text}") { }

    internal ManifestException(string path, Mark place, string text)
        : this(path, Math.Max(1, place.Line), Math.Max(1, place.Column), text) { }
}

/// <summary>A model or quantization was asked for that the manifest does not have: a usage error.</summary>
public sealed class SelectionException : Exception
{
    internal SelectionException(string kind, string given, IReadOnlyList<string> available)
        : base($"unknown {kind} {Wording.Quote(given)}; there are: {string.Join(", ", available)}")
    { }

    private SelectionException(string message)
        : base(message) { }

    internal static SelectionException Ambiguous(
        string given,
        string model,
        IReadOnlyList<string> candidates
    ) =>
        new(
            $"quant {Wording.Quote(given)} is {candidates.Count} files of {model}; name one of them: {string.Join(", ", candidates)}"
        );
}
