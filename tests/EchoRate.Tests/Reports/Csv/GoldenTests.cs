using EchoRate.Reports.Csv;

namespace EchoRate.Tests.Reports.Csv;

/// <summary>
/// Small files, read by a person before they were accepted. On a difference the new file lies under <c>received/</c> beside the test
/// program; accept it by copying it over the verified one.
/// </summary>
public sealed class GoldenTests
{
    public static TheoryData<string> Profiles =>
        [.. CsvProfile.All.Select(profile => profile.Name)];

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Files_csv(string profile) =>
        Verify(profile, RunCsv.Files, [SampleRun.File, SampleRun.Missing]);

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Echo_csv(string profile) =>
        Verify(
            profile,
            RunCsv.Echo,
            [
                .. SampleRun.Echoes.Select(row => new RowLine<EchoRow>(SampleRun.File, row)),
                new(SampleRun.Missing, SampleRun.NotHereRow),
            ]
        );

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Completion_csv(string profile) =>
        Verify(
            profile,
            RunCsv.Completion,
            SampleRun.Completions.Select(row => new RowLine<CompletionRow>(SampleRun.File, row))
        );

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Summary_csv(string profile)
    {
        var builder = new SummaryBuilder();
        foreach (var row in SampleRun.Echoes.Concat<MeasuredRow>(SampleRun.Completions))
        {
            builder.Add(row);
        }
        var missing = new SummaryBuilder();
        missing.Add(SampleRun.NotHereRow);
        Verify(
            profile,
            RunCsv.Summary,
            builder.Build(SampleRun.File).Concat(missing.Build(SampleRun.Missing))
        );
    }

    [Fact]
    public void Compare_csv_is_a_header_until_it_has_rows() => Verify("data", RunCsv.Compare, []);

    private static void Verify<TRow>(string name, ColumnTable<TRow> columns, IEnumerable<TRow> rows)
    {
        Assert.True(CsvProfile.TryParse(name, out var profile));
        var written = columns.Bytes(profile, rows, SampleRun.RunId);
        var verified = Path.Combine(
            Repository.Root,
            "tests/EchoRate.Tests/Reports/Golden",
            $"{columns.Name}.{name}.verified.csv"
        );
        var received = Path.Combine(
            AppContext.BaseDirectory,
            "received",
            Path.GetFileName(verified)
        );
        Directory.CreateDirectory(Path.GetDirectoryName(received)!);
        File.WriteAllBytes(received, written);
        var expected = File.Exists(verified) ? File.ReadAllBytes(verified) : [];
        Assert.Equal(Encoding.UTF8.GetString(expected), Encoding.UTF8.GetString(written));
        File.Delete(received);
    }
}
