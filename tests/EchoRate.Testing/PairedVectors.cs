using EchoRate.DemoModels.Vocabulary;
using EchoRate.DemoModels.Weights;
using static EchoRate.Testing.PairLayout;

namespace EchoRate.Testing;

/// <summary>A vector of +1 and −1 for each token, such that a token's partner is the token's own vector, turned.</summary>
/// <remarks>
/// Let T<sub>k</sub> turn the 224 content dimensions by k places. T<sub>112</sub> is its own inverse, so tokens can be paired:
/// e' = T<sub>112</sub> e. A matrix with one number per row thereby writes every token's partner, exactly in any type. In every other
/// pair the partner is −T<sub>112</sub> e instead, where experts are to differ. Vectors are redrawn until no two, by however many quarter turns, have a
/// cosine beyond 0.25; by a quarter turn too, since the head of an untied model is turned by T<sub>56</sub>.
/// </remarks>
internal sealed class PairedVectors
{
    /// <summary>By how much a partner is turned.</summary>
    internal const int HalfTurn = ContentSize / 2;

    /// <summary>By how much the head of an untied model is turned.</summary>
    internal const int QuarterTurn = ContentSize / 4;

    private const double MaxCosine = 0.25;

    private readonly double[][] _vectors;
    private readonly bool[] _opposed;

    private PairedVectors(double[][] vectors, bool[] opposed) =>
        (_vectors, _opposed) = (vectors, opposed);

    internal int Count => _vectors.Length;

    /// <summary>The content of a token: 224 times +1 or −1.</summary>
    internal double[] Content(int token) => _vectors[token];

    /// <summary>True where the token's partner is −T<sub>112</sub> e; false where it is T<sub>112</sub> e.</summary>
    internal bool IsOpposed(int token) => _opposed[token];

    /// <summary>Draws the vectors; <paramref name="withOpposed"/> makes every other pair an opposed one.</summary>
    internal static PairedVectors Draw(
        ConstructedVocabulary vocabulary,
        ulong seed,
        bool withOpposed
    )
    {
        var random = new SeededGenerator(seed);
        var vectors = new double[vocabulary.Tokens.Length][];
        var opposed = new bool[vectors.Length];
        var drawn = new List<double[]>();
        foreach (var (token, partner) in Pairs(vocabulary))
        {
            var vector = Signs(random);
            while (IsNearAny(vector, drawn))
            {
                vector = Signs(random);
            }
            var isOpposed = withOpposed && drawn.Count % 2 == 1;
            drawn.Add(vector);
            vectors[token] = vector;
            opposed[token] = isOpposed;
            if (partner is { } other)
            {
                vectors[other] = Turned(vector, HalfTurn, isOpposed ? -1 : 1);
                opposed[other] = isOpposed;
            }
        }
        return new PairedVectors(vectors, opposed);
    }

    /// <summary>What stands in dimension i goes to dimension i + <paramref name="places"/>, scaled.</summary>
    internal static double[] Turned(double[] vector, int places, double factor = 1)
    {
        var turned = new double[ContentSize];
        for (var i = 0; i < ContentSize; i++)
        {
            turned[(i + places) % ContentSize] = factor * vector[i];
        }
        return turned;
    }

    // The words as the language pairs them, then all other tokens by id; the last may stay alone.
    private static IEnumerable<(int Token, int? Partner)> Pairs(ConstructedVocabulary vocabulary)
    {
        var free = new SortedSet<int>(Enumerable.Range(0, vocabulary.Tokens.Length));
        foreach (var (word, partner) in MiniatureWords.Pairs)
        {
            var (a, b) = (vocabulary.Id(word), vocabulary.Id(partner));
            free.Remove(a);
            free.Remove(b);
            yield return (a, b);
        }
        foreach (var pair in free.Chunk(2))
        {
            yield return (pair[0], pair.Length == 2 ? pair[1] : null);
        }
    }

    private static double[] Signs(SeededGenerator random)
    {
        var signs = new double[ContentSize];
        for (var i = 0; i < ContentSize; i++)
        {
            signs[i] = random.NextBits() >> 63 == 0 ? 1 : -1;
        }
        return signs;
    }

    private static bool IsNearAny(double[] vector, List<double[]> drawn)
    {
        foreach (var places in (int[])[0, QuarterTurn, HalfTurn, HalfTurn + QuarterTurn])
        {
            var turned = Turned(vector, places);
            if ((places != 0 && IsNear(turned, vector)) || drawn.Exists(o => IsNear(turned, o)))
            {
                return true;
            }
        }
        return false;
    }

    private static bool IsNear(double[] a, double[] b) =>
        Math.Abs(Vectors.Dot(a, b)) > MaxCosine * ContentSize;
}
