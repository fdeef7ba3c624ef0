using System.Runtime.InteropServices;
using EchoRate.Core.References;
using Microsoft.Win32.SafeHandles;

namespace EchoRate.Runs.Comparing;

/// <summary>
/// A reference's rows and logits on disk, so that one model is loaded at a time: logits as they came, row after row, and an index of one
/// record a row. Both files are deleted when the store is disposed. Reads go through the system's page cache.
/// </summary>
public sealed class ReferenceStore : IReference, IDisposable
{
    private readonly SafeFileHandle _index;
    private readonly SafeFileHandle _logits;
    private readonly float[] _buffer;
    private long _end;

    /// <summary>Begins a store.</summary>
    /// <param name="stem">The path of its files, without extension.</param>
    /// <param name="fileId">The reference file's id.</param>
    /// <param name="vocabularySize">Logits in a row.</param>
    public ReferenceStore(string stem, string fileId, int vocabularySize)
    {
        FileId = fileId;
        _buffer = new float[vocabularySize];
        _index = Open(stem + ".index");
        _logits = Open(stem + ".logits");
    }

    /// <inheritdoc />
    public string FileId { get; }

    /// <inheritdoc />
    public bool IsRecording { get; private set; } = true;

    /// <summary>Bytes that logits of so many rows take on disk.</summary>
    public static long BytesFor(long rows, int vocabularySize) =>
        rows * (sizeof(float) * (long)vocabularySize + Marshal.SizeOf<Record>());

    /// <summary>Ends recording: from here on rows are given back.</summary>
    public void Complete() => IsRecording = false;

    /// <inheritdoc />
    void IReference.Record(long place, ReferenceRow row, ReadOnlySpan<float> logits)
    {
        var record = new Record
        {
            Known = 1,
            Top1 = row.Top1,
            LogSumExp = row.LogSumExp,
            Top1LogProb = row.Top1LogProb,
            TokenLogProb = row.TokenLogProb ?? double.NaN,
            Hit = row.Hit is { } hit ? (hit ? 1 : 0) : -1,
            Offset = logits.IsEmpty ? -1 : _end,
        };
        if (!logits.IsEmpty)
        {
            RandomAccess.Write(_logits, MemoryMarshal.AsBytes(logits), _end);
            _end += sizeof(float) * (long)logits.Length;
        }
        RandomAccess.Write(
            _index,
            MemoryMarshal.AsBytes(new ReadOnlySpan<Record>(in record)),
            place * Marshal.SizeOf<Record>()
        );
    }

    /// <inheritdoc />
    public bool TryGet(long place, out ReferenceRow row, out ReadOnlySpan<float> logits)
    {
        row = default;
        logits = default;
        var record = default(Record);
        var bytes = MemoryMarshal.AsBytes(new Span<Record>(ref record));
        // A place that was never written lies behind the end, or in a hole, which reads as zeros.
        if (
            RandomAccess.Read(_index, bytes, place * Marshal.SizeOf<Record>()) < bytes.Length
            || record.Known == 0
        )
        {
            return false;
        }
        row = new ReferenceRow(
            record.Top1,
            record.LogSumExp,
            record.Top1LogProb,
            double.IsNaN(record.TokenLogProb) ? null : record.TokenLogProb,
            record.Hit < 0 ? null : record.Hit == 1
        );
        if (record.Offset >= 0)
        {
            ReadAll(_logits, MemoryMarshal.AsBytes(_buffer.AsSpan()), record.Offset);
            logits = _buffer;
        }
        return true;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _index.Dispose();
        _logits.Dispose();
    }

    private static void ReadAll(SafeFileHandle file, Span<byte> into, long offset)
    {
        while (!into.IsEmpty)
        {
            var read = RandomAccess.Read(file, into, offset);
            if (read == 0)
            {
                throw new EndOfStreamException("the reference's logits were cut short");
            }
            into = into[read..];
            offset += read;
        }
    }

    // On Unix the name goes at once, the content with the handle: even a killed run leaves nothing. Windows deletes when the handle closes.
    private static SafeFileHandle Open(string path)
    {
        var options = OperatingSystem.IsWindows() ? FileOptions.DeleteOnClose : FileOptions.None;
        var handle = File.OpenHandle(
            path,
            FileMode.Create,
            FileAccess.ReadWrite,
            FileShare.None,
            options
        );
        if (!OperatingSystem.IsWindows())
        {
            File.Delete(path);
        }
        return handle;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Record
    {
        public int Known;
        public int Top1;
        public double LogSumExp;
        public double Top1LogProb;
        public double TokenLogProb;
        public long Offset;
        public long Hit;
    }
}
