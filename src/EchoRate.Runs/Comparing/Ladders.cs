using EchoRate.Core.Models;
using EchoRate.Gguf;

namespace EchoRate.Runs.Comparing;

/// <summary>
/// Ladders: files of one model (<see cref="ModelGroups"/>), architecture and vocabulary. The reference of a ladder is its F32 file, else BF16,
/// else F16, else the one of most bits per weight, unless one is named. One that is not here, or fails, gives way to the next.
/// </summary>
/// <param name="reference">The label or quantization named for the reference; null for none.</param>
public sealed class Ladders(string? reference)
{
    private static readonly string[] _unquantized = ["F32", "BF16", "F16"];

    /// <summary>What files of one ladder have in common.</summary>
    public static (string Model, string? Architecture, string? Vocabulary) KeyOf(
        ModelFacts facts
    ) => (facts.Model, facts.Architecture, facts.VocabularyHash);

    /// <summary>Puts the files of each ladder in the order in which they are asked to be the reference; ladders keep theirs.</summary>
    public IReadOnlyList<T> Order<T>(IReadOnlyList<T> files, Func<T, ModelFacts> facts) =>
        [
            .. files
                .GroupBy(file => KeyOf(facts(file)))
                .SelectMany(ladder =>
                {
                    var named = Named(
                        [.. ladder],
                        file => facts(file).Label,
                        file => facts(file).Quantization
                    );
                    return ladder
                        .OrderBy(file => named.Contains(file) ? -1 : Preference(facts(file)))
                        .ThenByDescending(file =>
                            facts(file).BitsPerWeight ?? double.NegativeInfinity
                        );
                }),
        ];

    /// <summary>The files of one model that the reference's name means: those of that label, else those of that quantization.</summary>
    public IReadOnlyList<T> Named<T>(
        IReadOnlyList<T> files,
        Func<T, string?> label,
        Func<T, string?> quantization
    )
    {
        if (reference is null)
        {
            return [];
        }
        var name = QuantizationNames.Normalise(reference) ?? reference;
        var labelled = files.Where(Is(label)).ToList();
        return labelled.Count > 0 ? labelled : [.. files.Where(Is(quantization))];

        Func<T, bool> Is(Func<T, string?> word) =>
            file => name.Equals(word(file), StringComparison.OrdinalIgnoreCase);
    }

    private static int Preference(ModelFacts facts) =>
        Array.IndexOf(_unquantized, facts.Quantization) is >= 0 and var place
            ? place
            : _unquantized.Length;
}
