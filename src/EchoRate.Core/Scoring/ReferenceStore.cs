using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace EchoRate.Core.Scoring;

/// <summary>
/// The file that the others of its ladder are held against. While it is measured itself it takes note of its rows; afterwards it gives
/// them back. Rows are known by their place in the file's rows, and by what went in.
/// They are on disk, so that one model is loaded at a time, by whichever process: logits as they came, row after row
/// (<c>.logits</c>), and a header and one record a row (<c>.index</c>). The files stay until <see cref="Delete"/>, so that a run which was
/// cut off can go on. Reads go through the system's page cache.
/// </summary>
public sealed class ReferenceStore : IDisposable
{
    private const int HeaderSize = 64;

    private static readonly int _recordSize = Unsafe.SizeOf<Record>();

    private readonly SafeFileHandle _index;
    private readonly SafeFileHandle _logits;
    private readonly ReferencePlan _plan;
    private readonly Lazy<Dictionary<ulong, long>> _placesByInput;
    private long _end;

    private ReferenceStore(ReferencePlan plan)
    {
        _plan = plan;
        _placesByInput = new Lazy<Dictionary<ulong, long>>(PlacesByInput);
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

    /// <summary>The file (12 hex digits of its SHA-256).</summary>
    public string FileId => _plan.FileId;

    /// <summary>Whether the reference itself is being measured.</summary>
    public bool IsRecording => _plan.Use is ReferenceUse.Record or ReferenceUse.Continue;

    /// <summary>Whether the row that is measured is the truth, and this what it is approximated by: KL(row ‖ reference) instead of KL(reference ‖ row).</summary>
    public bool IsApproximation => _plan.Use == ReferenceUse.ReadAsApproximation;

    private long RowBytes => sizeof(float) * (long)_plan.VocabularySize;

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

    /// <summary>Takes note of a row. Called while recording.</summary>
    /// <param name="place">The row's place, 0-based.</param>
    /// <param name="row">What the row says.</param>
    /// <param name="logits">(n_vocab,), kept as they came; empty for a row whose divergence is not computed.</param>
    public void Add(long place, ReferenceRow row, ReadOnlySpan<float> logits)
    {
        var record = new Record(true, logits.IsEmpty ? -1 : _end, row);
        // Logits first: a record says that they are there.
        if (!logits.IsEmpty)
        {
            Write(_logits, MemoryMarshal.AsBytes(logits), record.Offset);
            _end += RowBytes;
        }
        Write(_index, MemoryMarshal.AsBytes(new ReadOnlySpan<Record>(in record)), RecordAt(place));
    }

    /// <summary>What the reference said with the same input, else in the row of that place. Called after recording, possibly for several rows at once.</summary>
    /// <param name="input">The row's place and input.</param>
    /// <param name="logits">(n_vocab,): receives the row's logits, where they were kept.</param>
    /// <param name="row">What the row says.</param>
    /// <param name="hasLogits">Whether they were.</param>
    /// <returns>False where the reference did not measure the row.</returns>
    public bool TryGet(RowInput input, Span<float> logits, out ReferenceRow row, out bool hasLogits)
    {
        (row, hasLogits) = (default, false);
        var isThere = TryRead(input.Place, out var record);
        if (!isThere || record.Row.Input != input.Hash)
        {
            isThere = _placesByInput.Value.TryGetValue(input.Hash, out var place)
                ? TryRead(place, out record)
                : isThere;
        }
        if (!isThere)
        {
            return false;
        }
        row = record.Row;
        if (record.Offset >= 0)
        {
            ReadAll(_logits, MemoryMarshal.AsBytes(logits[.._plan.VocabularySize]), record.Offset);
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
            $"echorate reference 3 {plan.FileId} {plan.VocabularySize}".PadRight(HeaderSize - 1)
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
                places.TryAdd(record.Row.Input, place);
            }
        }
        return places;
    }

    private bool TryRead(long place, out Record record)
    {
        record = default;
        var bytes = MemoryMarshal.AsBytes(new Span<Record>(ref record));
        // A place that was never written lies behind the end, or in a hole, which reads as zeros.
        return RandomAccess.Read(_index, bytes, RecordAt(place)) == bytes.Length && record.IsKnown;
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

    // As it lies in memory: no other program reads it.
    private readonly record struct Record(bool IsKnown, long Offset, ReferenceRow Row);
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
