using EchoRate.Core.Models;

namespace EchoRate.Runs.Comparing;

/// <summary>
/// Ladders: files of one model, architecture and vocabulary. The reference of a ladder is its F32 file, else BF16, else F16, else the one of
/// most bits per weight, unless a quantization is named. One that is not here, or fails, gives way to the next.
/// </summary>
/// <param name="reference">The quantization named for the reference; null for none.</param>
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
                    ladder
                        .OrderBy(file => Preference(facts(file)))
                        .ThenByDescending(file =>
                            facts(file).BitsPerWeight ?? double.NegativeInfinity
                        )
                ),
        ];

    private int Preference(ModelFacts facts)
    {
        var quantization = facts.Quantization;
        var place = Array.IndexOf(_unquantized, quantization);
        return reference is not null
            && string.Equals(quantization, reference, StringComparison.OrdinalIgnoreCase)
                ? -1
            : place < 0 ? _unquantized.Length
            : place;
    }
}
