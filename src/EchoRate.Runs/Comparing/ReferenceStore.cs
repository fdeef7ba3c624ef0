using System.Runtime.InteropServices;
using System.Text;
using EchoRate.Core.Scoring;
using Microsoft.Win32.SafeHandles;

namespace EchoRate.Runs.Comparing;

/// <summary>
/// A reference's rows and logits on disk, so that one model is loaded at a time, by whichever process: logits as they came, row after row
/// (<c>.logits</c>), and a header and one record a row (<c>.index</c>). The files stay until <see cref="Delete"/>, so that a run which was
/// cut off can go on. Reads go through the system's page cache.
/// </summary>
public sealed class ReferenceStore : IReference, IDisposable
{
    private const int HeaderSize = 64;

    private static readonly int _recordSize = Marshal.SizeOf<Record>();

    private readonly SafeFileHandle _index;
    private readonly SafeFileHandle _logits;
    private readonly int _vocabularySize;
    private readonly Lazy<Dictionary<ulong, long>> _placesByInput;
    private long _end;

    private ReferenceStore(ReferencePlan plan)
    {
        FileId = plan.FileId;
        _placesByInput = new Lazy<Dictionary<ulong, long>>(PlacesByInput);
        IsRecording = plan.Use is ReferenceUse.Record or ReferenceUse.Continue;
        IsApproximation = plan.Use == ReferenceUse.ReadAsApproximation;
        _vocabularySize = plan.VocabularySize;
        _index = OpenFile(IndexPath(plan.Stem), plan.Use);
        try
        {
            _logits = OpenFile(LogitsPath(plan.Stem), plan.Use);
        }
        catch
        {
            _index.Dispose();
            throw;
        }
        if (plan.Use == ReferenceUse.Record)
        {
            Write(_index, HeaderOf(plan), 0);
        }
        // Whole rows only: the last one may have been cut off.
        _end = RandomAccess.GetLength(_logits) / RowBytes * RowBytes;
    }

    public string FileId { get; }
    public bool IsRecording { get; }
    public bool IsApproximation { get; }
    private long RowBytes => sizeof(float) * (long)_vocabularySize;

    /// <summary>Opens a reference's files as a plan says; to be recorded anew, they begin empty.</summary>
    /// <exception cref="IOException">They are not there, not those of the plan, or refused.</exception>
    public static ReferenceStore Open(ReferencePlan plan) =>
        plan.Use == ReferenceUse.Record || HasHeader(plan)
            ? new ReferenceStore(plan)
            : throw new IOException(
                $"{IndexPath(plan.Stem)}: not the rows of the reference {plan.FileId}"
            );

    /// <summary>Whether the files hold all of these rows of the reference, so that they can be read or continued.</summary>
    /// <param name="plan">The reference.</param>
    /// <param name="places">The rows' places, 0-based: those that the journal calls measured.</param>
    public static bool Covers(ReferencePlan plan, IEnumerable<long> places)
    {
        if (!HasHeader(plan) || !File.Exists(LogitsPath(plan.Stem)))
        {
            return false;
        }
        using var store = new ReferenceStore(plan with { Use = ReferenceUse.Read });
        return places.All(store.Holds);
    }

    /// <summary>Removes a reference's files, where they are there.</summary>
    /// <param name="stem">The path of its files, without extension.</param>
    public static void Delete(string stem)
    {
        File.Delete(IndexPath(stem));
        File.Delete(LogitsPath(stem));
    }

    /// <summary>Bytes that logits of so many rows take on disk.</summary>
    public static long BytesFor(long rows, int vocabularySize) =>
        rows * (sizeof(float) * (long)vocabularySize + _recordSize);

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
            Input = row.Input,
        };
        // Logits first: a record says that they are there.
        if (!logits.IsEmpty)
        {
            Write(_logits, MemoryMarshal.AsBytes(logits), record.Offset);
            _end += RowBytes;
        }
        Write(_index, MemoryMarshal.AsBytes(new ReadOnlySpan<Record>(in record)), RecordAt(place));
    }

    public bool TryGet(RowInput input, Span<float> logits, out ReferenceRow row, out bool hasLogits)
    {
        (row, hasLogits) = (default, false);
        var isThere = TryRead(input.Place, out var record);
        if (!isThere || record.Input != input.Hash)
        {
            isThere = _placesByInput.Value.TryGetValue(input.Hash, out var place)
                ? TryRead(place, out record)
                : isThere;
        }
        if (!isThere)
        {
            return false;
        }
        row = new ReferenceRow(
            record.Top1,
            record.LogSumExp,
            record.Top1LogProb,
            double.IsNaN(record.TokenLogProb) ? null : record.TokenLogProb,
            record.Hit < 0 ? null : record.Hit == 1
        )
        {
            Input = record.Input,
        };
        if (record.Offset >= 0)
        {
            ReadAll(_logits, MemoryMarshal.AsBytes(logits[.._vocabularySize]), record.Offset);
            hasLogits = true;
        }
        return true;
    }

    public void Dispose()
    {
        _index.Dispose();
        _logits.Dispose();
    }

    // The index begins with a line of text, padded with spaces, that says whose rows these are.
    private static byte[] HeaderOf(ReferencePlan plan) =>
        Encoding.ASCII.GetBytes(
            $"echorate reference 2 {plan.FileId} {plan.VocabularySize}".PadRight(HeaderSize - 1)
                + "\n"
        );

    private static bool HasHeader(ReferencePlan plan)
    {
        if (!File.Exists(IndexPath(plan.Stem)))
        {
            return false;
        }
        using var stream = File.OpenRead(IndexPath(plan.Stem));
        var bytes = new byte[HeaderSize];
        return stream.ReadAtLeast(bytes, HeaderSize, throwOnEndOfStream: false) == HeaderSize
            && bytes.AsSpan().SequenceEqual(HeaderOf(plan));
    }

    private static string IndexPath(string stem) => stem + ".index";

    private static string LogitsPath(string stem) => stem + ".logits";

    private static long RecordAt(long place) => HeaderSize + place * _recordSize;

    private bool Holds(long place) =>
        TryRead(place, out var record) && (record.Offset < 0 || record.Offset + RowBytes <= _end);

    // Asked for where a row of the same place got something else, and not before.
    private Dictionary<ulong, long> PlacesByInput()
    {
        var places = new Dictionary<ulong, long>();
        var count = (RandomAccess.GetLength(_index) - HeaderSize) / _recordSize;
        for (var place = 0L; place < count; place++)
        {
            if (TryRead(place, out var record))
            {
                places.TryAdd(record.Input, place);
            }
        }
        return places;
    }

    private bool TryRead(long place, out Record record)
    {
        record = default;
        var bytes = MemoryMarshal.AsBytes(new Span<Record>(ref record));
        // A place that was never written lies behind the end, or in a hole, which reads as zeros.
        return RandomAccess.Read(_index, bytes, RecordAt(place)) == bytes.Length
            && record.Known == 1;
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

    private static void Write(SafeFileHandle file, ReadOnlySpan<byte> bytes, long offset)
    {
        try
        {
            RandomAccess.Write(file, bytes, offset);
        }
        catch (IOException e)
        {
            throw new IOException($"the reference's rows: {e.Message}", e);
        }
    }

    private static SafeFileHandle OpenFile(string path, ReferenceUse use) =>
        use is ReferenceUse.Read or ReferenceUse.ReadAsApproximation
            ? File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite)
            : File.OpenHandle(
                path,
                use == ReferenceUse.Record ? FileMode.Create : FileMode.Open,
                FileAccess.ReadWrite,
                FileShare.Read
            );

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
        public ulong Input;
    }
}

/// <summary>A reference as whoever measures a file needs to know it: where its files are, and what is done with them.</summary>
/// <param name="Stem">The path of its files, without extension.</param>
/// <param name="FileId">The reference file (12 hex digits of its SHA-256).</param>
/// <param name="VocabularySize">Logits in a row.</param>
/// <param name="Use">What is done with them.</param>
public sealed record ReferencePlan(
    string Stem,
    string FileId,
    int VocabularySize,
    ReferenceUse Use
);

/// <summary>What measuring a file does with a reference.</summary>
public enum ReferenceUse
{
    /// <summary>The file is the reference: its rows are taken note of, from the first on.</summary>
    Record,

    /// <summary>The file is the reference, and a run that was cut off took note of its first rows: the others are added.</summary>
    Continue,

    /// <summary>The file is held against the reference.</summary>
    Read,

    /// <summary>The reference is held against the file: the same file in the library's arithmetic, against its exact rows.</summary>
    ReadAsApproximation,
}
