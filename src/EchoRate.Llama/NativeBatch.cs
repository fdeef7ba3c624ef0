using System.Runtime.CompilerServices;
using EchoRate.Core.Engine;
using EchoRate.Llama.Interop;

namespace EchoRate.Llama;

/// <summary>The arrays behind a <c>llama_batch</c>, pinned once and filled again for every batch; one sequence for each token.</summary>
internal sealed unsafe class NativeBatch
{
    private readonly int[] _tokens;
    private readonly int[] _positions;
    private readonly int[] _sequenceCounts;
    private readonly int[] _sequences;
    private readonly nint[] _sequencePointers;
    private readonly sbyte[] _wantsLogits;

    internal NativeBatch(int capacity)
    {
        _tokens = GC.AllocateArray<int>(capacity, pinned: true);
        _positions = GC.AllocateArray<int>(capacity, pinned: true);
        _sequenceCounts = GC.AllocateArray<int>(capacity, pinned: true);
        _sequences = GC.AllocateArray<int>(capacity, pinned: true);
        _sequencePointers = GC.AllocateArray<nint>(capacity, pinned: true);
        _wantsLogits = GC.AllocateArray<sbyte>(capacity, pinned: true);
        Array.Fill(_sequenceCounts, 1);
        for (var i = 0; i < capacity; i++)
        {
            _sequencePointers[i] = (nint)(Pointer(_sequences) + i);
        }
    }

    /// <summary>Fills the arrays; the result points into them and is valid while this object lives.</summary>
    internal llama_batch Fill(ReadOnlySpan<BatchToken> batch)
    {
        for (var i = 0; i < batch.Length; i++)
        {
            _tokens[i] = batch[i].Token;
            _positions[i] = batch[i].Position;
            _sequences[i] = batch[i].Sequence;
            _wantsLogits[i] = (sbyte)(batch[i].WantsLogits ? 1 : 0);
        }

        return new llama_batch
        {
            n_tokens = batch.Length,
            token = Pointer(_tokens),
            pos = Pointer(_positions),
            n_seq_id = Pointer(_sequenceCounts),
            seq_id = (int**)Unsafe.AsPointer(ref _sequencePointers[0]),
            logits = (sbyte*)Unsafe.AsPointer(ref _wantsLogits[0]),
        };
    }

    private static int* Pointer(int[] pinned) => (int*)Unsafe.AsPointer(ref pinned[0]);
}
