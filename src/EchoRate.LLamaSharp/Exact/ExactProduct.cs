using System.Runtime.InteropServices;
using LLama.Native;
using static EchoRate.LLamaSharp.Interop.Ggml;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace EchoRate.LLamaSharp.Exact;

/// <summary>
/// One product, cut into blocks of weight rows: weights (k, n, heads), input (k, tokens, heads × repeats), product (n, tokens, heads × repeats);
/// by experts: weights (k, n, experts), input (k, used or 1, tokens), ids (used, tokens), product (n, used, tokens).
/// </summary>
internal sealed unsafe class ExactProduct
{
    private readonly Tensor* _weights;
    private readonly int _rows;
    private readonly int _blocksOfMatrix;

    // The matrices of weights that anything is multiplied with, each with its columns.
    private readonly List<(int Matrix, List<ExactKernel.Column> Columns)> _matrices = [];

    /// <param name="product">The node of the graph.</param>
    /// <param name="blockBytes">Bytes of a block as F32, at most, but for four rows.</param>
    internal ExactProduct(Tensor* product, long blockBytes)
    {
        _weights = product->From(0);
        Terms = checked((int)_weights->Extent[0]);
        var rows = Math.Max(1, blockBytes / (Terms * sizeof(float) * ExactKernel.TileRows));
        _rows = (int)Math.Min(_weights->Extent[1], rows * ExactKernel.TileRows);
        _blocksOfMatrix = (int)((_weights->Extent[1] + _rows - 1) / _rows);
        for (var matrix = 0; matrix < _weights->Extent[2]; matrix++)
        {
            _matrices.Add((matrix, []));
        }
        AddColumns(product);
        _matrices.RemoveAll(matrix => matrix.Columns.Count == 0);
    }

    /// <summary>Terms of a sum.</summary>
    internal int Terms { get; }

    internal int Blocks => _matrices.Count * _blocksOfMatrix;

    /// <summary>Bytes of a block as F32, with room for whole tiles.</summary>
    internal long BlockBytes => (long)(_rows + ExactKernel.TileRows - 1) * Terms * sizeof(float);

    /// <summary>Computes a block in memory that holds <see cref="BlockBytes"/>.</summary>
    internal void Compute(int number, float* block)
    {
        var (matrix, columns) = _matrices[number / _blocksOfMatrix];
        var row = number % _blocksOfMatrix * _rows;
        var rows = (int)Math.Min(_rows, _weights->Extent[1] - row);
        var first = _weights->Data + (matrix * _weights->Stride[2]);
        for (var i = 0; i < rows; i++)
        {
            Cast(first + ((row + i) * _weights->Stride[1]), block + ((long)i * Terms));
        }
        ExactKernel.Multiply(
            block,
            row..(row + rows),
            Terms,
            CollectionsMarshal.AsSpan(columns),
            ExactKernel.Width
        );
    }

    // ggml's own cast of halves takes a fifth of a product's time.
    private void Cast(byte* from, float* to)
    {
        if (_weights->Type == (int)GGMLType.GGML_TYPE_F16)
        {
            TensorPrimitives.ConvertToSingle(
                new ReadOnlySpan<Half>(from, Terms),
                new Span<float>(to, Terms)
            );
            return;
        }
        ggml_get_type_traits(_weights->Type)->ToFloat(from, to, Terms);
    }

    // Gives each column of the input to the matrix that it is multiplied with.
    private void AddColumns(Tensor* product)
    {
        var input = product->From(1);
        var ids = product->From(2);
        var repeats = product->Extent[2] / _weights->Extent[2];
        for (var slice = 0L; slice < product->Extent[2]; slice++)
        {
            for (var i = 0L; i < product->Extent[1]; i++)
            {
                var from = input->Data + (slice * input->Stride[2]);
                var to = product->Data + (slice * product->Stride[2]) + (i * product->Stride[1]);
                var at = i % input->Extent[1] * input->Stride[1];
                var matrix =
                    ids == null
                        ? (int)(slice / repeats)
                        : *(int*)(ids->Data + (slice * ids->Stride[1]) + (i * ids->Stride[0]));
                _matrices[matrix].Columns.Add(new((float*)(from + at), (float*)to));
            }
        }
    }
}
