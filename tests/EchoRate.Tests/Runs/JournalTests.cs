using EchoRate.Runs.Folder;
using EchoRate.Runs.Journal;

namespace EchoRate.Tests.Runs;

/// <summary>What is appended comes back; what was torn is passed over; what was damaged is named.</summary>
public sealed class JournalTests : IDisposable
{
    private static readonly FileRecord File = new()
    {
        Facts = new ModelFacts { Model = "m", Sha256 = new string('a', 64) },
        Engine = "scripted",
        Status = RowStatus.Ok,
    };

    private readonly TemporaryFolder _folder = new();

    private string Journal => _folder.At("j.jsonl");

    // The checksum that everybody gives for CRC-32C shows that our other way to it is one.
    [Fact]
    public void Every_line_is_an_object_with_the_crc32c_of_what_stands_before_it()
    {
        Assert.Equal(0xe3069283, Bitwise("123456789"u8));
        Write(3);

        Assert.All(
            System.IO.File.ReadAllLines(Journal),
            line =>
                Assert.Equal(
                    Bitwise(Encoding.UTF8.GetBytes(line[..line.LastIndexOf(",\"crc\"")]))
                        .ToString("x8"),
                    JsonDocument.Parse(line).RootElement.GetProperty("crc").GetString()
                )
        );
        Assert.Equal([0, 1, 2], JournalReader.ReadRows(Journal).Select(row => row.Place));
        Assert.NotNull(JournalReader.LastRecord(Journal));
        Assert.Equal("m", JournalReader.ReadFile(Journal).Facts.Model);
    }

    [Fact]
    public void Cut_anywhere_it_holds_the_rows_that_were_whole()
    {
        Write(4);
        var bytes = System.IO.File.ReadAllBytes(Journal);
        var ends = bytes
            .Index()
            .Where(at => at.Item == (byte)'\n')
            .Select(at => at.Index + 1)
            .ToList();

        for (var length = 0; length < bytes.Length; length++)
        {
            System.IO.File.WriteAllBytes(Journal, bytes[..length]);
            var whole = ends.Count(end => end <= length);

            var state = JournalState.Read(Journal);

            Assert.Equal(Math.Max(0, whole - 1), state.Rows);
            Assert.Equal(state.Rows, JournalReader.ReadRows(Journal).Count());
            Assert.Equal(whole == 0 ? 0 : ends[whole - 1], state.Bytes);
            Assert.Equal(whole > 0, state.File is not null);
            Assert.False(state.IsComplete);
            Assert.Null(JournalReader.LastRecord(Journal));
        }
    }

    [Fact]
    public void A_flipped_bit_is_named_with_its_line_unless_it_is_the_last()
    {
        Write(4);
        var bytes = System.IO.File.ReadAllBytes(Journal);
        var random = new Random(3);
        for (var i = 0; i < 200; i++)
        {
            var damaged = (byte[])bytes.Clone();
            var at = random.Next(bytes.Length);
            damaged[at] ^= (byte)(1 << random.Next(8));
            System.IO.File.WriteAllBytes(Journal, damaged);
            var line = bytes[..at].Count(value => value == (byte)'\n') + 1;
            if (bytes[at] == (byte)'\n')
            {
                // Two lines became one.
                continue;
            }

            if (line == 6)
            {
                Assert.Equal(4, JournalReader.ReadRows(Journal).Count());
                Assert.Null(JournalReader.LastRecord(Journal));
                continue;
            }
            var error = Assert.Throws<RunException>(() => JournalReader.ReadRows(Journal).Count());
            Assert.StartsWith($"{Journal}:{line}: ", error.Message);
        }
    }

    [Fact]
    public void A_row_that_is_there_twice_or_missing_is_named()
    {
        using (var journal = JournalWriter.Open(Journal))
        {
            journal.Append(File);
            journal.Append(Row(0));
            journal.Append(Row(0));
        }
        var twice = Assert.Throws<RunException>(() => JournalReader.ReadRows(Journal).Count());
        Assert.Contains(":3: not a row of a run: row 0 follows row 0", twice.Message);

        System.IO.File.Delete(Journal);
        Write(4);
        var lines = System.IO.File.ReadAllLines(Journal).ToList();
        lines.RemoveAt(2);
        System.IO.File.WriteAllText(Journal, string.Join('\n', lines) + "\n");
        var missing = Assert.Throws<RunException>(() => JournalReader.ReadRows(Journal).Count());
        Assert.Contains("4 rows were written, 3 are here", missing.Message);
    }

    [Fact]
    public void Failed_rows_at_the_end_of_an_unfinished_file_are_measured_again()
    {
        using (var journal = JournalWriter.Open(Journal))
        {
            journal.Append(File);
            journal.Append(Row(0));
            journal.Append(Row(1, RowStatus.Failed));
            journal.Append(Row(2));
            journal.Append(Row(3, RowStatus.Failed));
            journal.Append(Row(4, RowStatus.Failed));
        }

        var state = JournalState.Read(Journal);

        Assert.Equal((3, 2, 1, "why"), (state.Rows, state.Measured, state.Failed, state.Failure));
        using (var journal = JournalWriter.Open(Journal, state))
        {
            journal.End(File);
        }
        Assert.Equal([0, 1, 2], JournalReader.ReadRows(Journal).Select(row => row.Place));
        Assert.True(JournalState.Read(Journal).IsComplete);
    }

    [Fact]
    public void Rows_are_handed_to_the_system_soon_without_another_row()
    {
        using var journal = JournalWriter.Open(Journal);
        journal.Append(File);
        journal.Append(Row(0));
        var clock = System.Diagnostics.Stopwatch.StartNew();

        while (!JournalReader.ReadRows(Journal).Any())
        {
            Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(20));
            Thread.Sleep(20);
        }
    }

    [Fact]
    public void A_journal_that_vanishes_is_not_written_on()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows keeps a file that is open");
        using var journal = JournalWriter.Open(Journal);
        journal.Append(File);
        System.IO.File.Delete(Journal);

        Assert.Throws<FileNotFoundException>(journal.Flush);
        System.IO.File.WriteAllText(Journal, "");
    }

    public void Dispose() => _folder.Dispose();

    private void Write(int rows)
    {
        using var journal = JournalWriter.Open(Journal);
        journal.Append(File);
        for (var place = 0; place < rows; place++)
        {
            journal.Append(Row(place));
        }
        journal.End(File);
    }

    private static EchoRow Row(long place, RowStatus status = RowStatus.Ok) =>
        new()
        {
            Place = place,
            Arm = "without",
            ItemSet = "set",
            Item = Encoding.UTF8.GetBytes($"ünï \n {place}"),
            Entropy = Math.Sqrt(place),
            Status = status,
            Reason = status == RowStatus.Failed ? "why" : null,
        };

    private static string Text(MeasuredRow row) => JsonSerializer.Serialize(row);

    // Bit by bit, after the polynomial (reflected): another way than the program's.
    private static uint Bitwise(ReadOnlySpan<byte> bytes)
    {
        var crc = ~0u;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ ((crc & 1) * 0x82F63B78u);
            }
        }
        return ~crc;
    }
}
