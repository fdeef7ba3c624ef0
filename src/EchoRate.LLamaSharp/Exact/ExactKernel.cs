using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace EchoRate.LLamaSharp.Exact;

/// <summary>
/// Products in F32 of a block of weight rows with columns of activations. Every sum is added up in sixteen lanes, which are then added in one fixed order, so that a
/// figure does not depend on the batch, the slot, the threads or the width of the processor's registers.
/// </summary>
/// <remarks>
/// Tiles of four rows by three columns, the columns in panels that stay in the cache next to the processor. ggml's own kernel of these products (tinyBLAS, as
/// LLamaSharp 0.30.0's library for AVX-512 is compiled) writes its sums to memory at every step, and takes 2.7 times as long.
/// </remarks>
internal static unsafe class ExactKernel
{
    /// <summary>Rows of a block are multiplied by so many at once: its memory has room for a multiple of them.</summary>
    internal const int TileRows = 4;

    private const int TileColumns = 3;
    private const int Lanes = 16;

    // More are added up part by part.
    private const int MostTerms = 1024;
    private const int PanelBytes = 24 << 10;

    /// <summary>Floats in a register of this processor: 16, 8 or 4.</summary>
    internal static int Width =>
        Vector512.IsHardwareAccelerated ? Vector512<float>.Count
        : Vector256.IsHardwareAccelerated ? Vector256<float>.Count
        : Vector128<float>.Count;

    /// <summary>Writes <c>columns[c].Output[row] = Σ weights[row, i] · columns[c].Input[i]</c> for some of a matrix's rows.</summary>
    /// <param name="weights">Their weights (rows, terms), row after row.</param>
    /// <param name="rows">Which rows of the matrix they are.</param>
    /// <param name="terms">Terms of a sum.</param>
    /// <param name="columns">Where each column's activations lie, and where its sums go.</param>
    /// <param name="width">Floats in a register: <see cref="Width"/> is fastest, and all give the same sums.</param>
    internal static void Multiply(
        float* weights,
        Range rows,
        int terms,
        ReadOnlySpan<Column> columns,
        int width
    )
    {
        var parts = (terms + MostTerms - 1) / MostTerms;
        var part = ((terms + parts - 1) / parts + Lanes - 1) / Lanes * Lanes;
        for (var from = 0; from < terms; from += part)
        {
            var block = new Block(weights + from, rows, terms, from, Math.Min(part, terms - from));
            var fitting = PanelBytes / (block.Terms * sizeof(float)) / TileColumns * TileColumns;
            var panel = Math.Max(TileColumns, fitting);
            for (var first = 0; first < columns.Length; first += panel)
            {
                var some = columns[first..Math.Min(columns.Length, first + panel)];
                switch (width)
                {
                    case 16:
                        MultiplyPanel<Wide>(block, some);
                        break;
                    case 8:
                        MultiplyPanel<Middle>(block, some);
                        break;
                    default:
                        MultiplyPanel<Narrow>(block, some);
                        break;
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MultiplyPanel<T>(Block block, ReadOnlySpan<Column> columns)
        where T : struct, IRegister<T>
    {
        var sums = stackalloc float[TileRows * TileColumns];
        for (var row = 0; row < block.Rows; row += TileRows)
        {
            var rows = Math.Min(TileRows, block.Rows - row);
            for (var at = 0; at < columns.Length; at += TileColumns)
            {
                var last = Math.Min(TileColumns, columns.Length - at) - 1;
                MultiplyTile<T>(
                    block,
                    row,
                    columns[at].Input,
                    columns[at + Math.Min(1, last)].Input,
                    columns[at + last].Input,
                    sums
                );
                for (var column = 0; column <= last; column++)
                {
                    var output = columns[at + column].Output + block.First + row;
                    for (var i = 0; i < rows; i++)
                    {
                        var sum = sums[(column * TileRows) + i];
                        output[i] = block.From == 0 ? sum : output[i] + sum;
                    }
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MultiplyTile<T>(
        Block block,
        int row,
        float* x0,
        float* x1,
        float* x2,
        float* sums
    )
        where T : struct, IRegister<T>
    {
        var lanes = stackalloc float[TileRows * TileColumns * Lanes];
        var whole = block.Terms / Lanes * Lanes;
        var w0 = block.Weights + ((long)row * block.Stride);
        float* w1 = w0 + block.Stride,
            w2 = w1 + block.Stride,
            w3 = w2 + block.Stride;
        x0 += block.From;
        x1 += block.From;
        x2 += block.From;
        for (var lane = 0; lane < Lanes; lane += T.Count)
        {
            T a0 = default,
                a1 = default,
                a2 = default,
                a3 = default;
            T b0 = default,
                b1 = default,
                b2 = default,
                b3 = default;
            T c0 = default,
                c1 = default,
                c2 = default,
                c3 = default;
            for (nint i = lane; i < whole; i += Lanes)
            {
                var (v0, v1) = (T.Load(w0 + i), T.Load(w1 + i));
                var (v2, v3) = (T.Load(w2 + i), T.Load(w3 + i));
                var x = T.Load(x0 + i);
                a0 = T.MultiplyAdd(v0, x, a0);
                a1 = T.MultiplyAdd(v1, x, a1);
                a2 = T.MultiplyAdd(v2, x, a2);
                a3 = T.MultiplyAdd(v3, x, a3);
                x = T.Load(x1 + i);
                b0 = T.MultiplyAdd(v0, x, b0);
                b1 = T.MultiplyAdd(v1, x, b1);
                b2 = T.MultiplyAdd(v2, x, b2);
                b3 = T.MultiplyAdd(v3, x, b3);
                x = T.Load(x2 + i);
                c0 = T.MultiplyAdd(v0, x, c0);
                c1 = T.MultiplyAdd(v1, x, c1);
                c2 = T.MultiplyAdd(v2, x, c2);
                c3 = T.MultiplyAdd(v3, x, c3);
            }
            Store(lanes + lane, a0, a1, a2, a3);
            Store(lanes + lane + (TileRows * Lanes), b0, b1, b2, b3);
            Store(lanes + lane + (2 * TileRows * Lanes), c0, c1, c2, c3);
        }
        for (var i = 0; i < TileRows * TileColumns; i++)
        {
            sums[i] = Sum(lanes + (i * Lanes));
        }
        for (var i = whole; i < block.Terms; i++)
        {
            for (var r = 0; r < TileRows; r++)
            {
                var weight = w0[((long)r * block.Stride) + i];
                sums[r] += weight * x0[i];
                sums[TileRows + r] += weight * x1[i];
                sums[(2 * TileRows) + r] += weight * x2[i];
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<T>(float* lanes, T a, T b, T c, T d)
        where T : struct, IRegister<T>
    {
        T.Store(a, lanes);
        T.Store(b, lanes + Lanes);
        T.Store(c, lanes + (2 * Lanes));
        T.Store(d, lanes + (3 * Lanes));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Sum(float* lanes)
    {
        var four =
            Vector128.Load(lanes)
            + Vector128.Load(lanes + 8)
            + (Vector128.Load(lanes + 4) + Vector128.Load(lanes + 12));
        return four[0] + four[2] + (four[1] + four[3]);
    }

    /// <summary>A column of a product: where its activations lie, and where the sum of the matrix's first row goes.</summary>
    internal readonly struct Column(float* input, float* output)
    {
        internal float* Input { get; } = input;
        internal float* Output { get; } = output;
    }

    // Terms of the rows of a block: so many, from a place on, each row a stride behind the one before.
    private readonly struct Block(float* weights, Range rows, int stride, int from, int terms)
    {
        internal float* Weights { get; } = weights;
        internal int First { get; } = rows.Start.Value;
        internal int Rows { get; } = rows.End.Value - rows.Start.Value;
        internal int Stride { get; } = stride;
        internal int From { get; } = from;
        internal int Terms { get; } = terms;
    }

    // Without fused multiplication in hardware a product is rounded by itself.
    private interface IRegister<T>
        where T : struct, IRegister<T>
    {
        static abstract int Count { get; }
        static abstract T Load(float* from);
        static abstract void Store(T value, float* to);
        static abstract T MultiplyAdd(T a, T b, T c);
    }

    private readonly struct Wide(Vector512<float> all) : IRegister<Wide>
    {
        private readonly Vector512<float> _all = all;

        public static int Count => Vector512<float>.Count;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Wide Load(float* from) => new(Vector512.Load(from));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Store(Wide value, float* to) => value._all.Store(to);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Wide MultiplyAdd(Wide a, Wide b, Wide c) =>
            new(Vector512.MultiplyAddEstimate(a._all, b._all, c._all));
    }

    private readonly struct Middle(Vector256<float> all) : IRegister<Middle>
    {
        private readonly Vector256<float> _all = all;

        public static int Count => Vector256<float>.Count;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Middle Load(float* from) => new(Vector256.Load(from));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Store(Middle value, float* to) => value._all.Store(to);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Middle MultiplyAdd(Middle a, Middle b, Middle c) =>
            new(Vector256.MultiplyAddEstimate(a._all, b._all, c._all));
    }

    private readonly struct Narrow(Vector128<float> all) : IRegister<Narrow>
    {
        private readonly Vector128<float> _all = all;

        public static int Count => Vector128<float>.Count;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Narrow Load(float* from) => new(Vector128.Load(from));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Store(Narrow value, float* to) => value._all.Store(to);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Narrow MultiplyAdd(Narrow a, Narrow b, Narrow c) =>
            new(Vector128.MultiplyAddEstimate(a._all, b._all, c._all));
    }
}
