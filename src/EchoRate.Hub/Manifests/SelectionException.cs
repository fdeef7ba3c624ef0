using EchoRate.Hub.Reading;

namespace EchoRate.Hub.Manifests;

/// <summary>A model or quantization was asked for that the manifest does not have: a usage error.</summary>
public sealed class SelectionException : Exception
{
    internal SelectionException(string kind, string given, IReadOnlyList<string> available)
        : base(
            $"unknown {kind} {Wording.Quote(given)}{Wording.DidYouMean(given, available)}; there are: {string.Join(", ", available)}"
        )
    {
        Kind = kind;
        Given = given;
        Available = available;
        Nearest = Hub.Reading.Nearest.Of(given, available);
    }

    /// <summary>What was named: <c>model</c> or <c>quant</c>.</summary>
    public string Kind { get; }

    /// <summary>The name that was given.</summary>
    public string Given { get; }

    /// <summary>The names that would have done: the manifest's models, or the quantizations of the chosen models.</summary>
    public IReadOnlyList<string> Available { get; }

    /// <summary>The available name that looks most like the given one; absent when none does.</summary>
    public string? Nearest { get; }
}
