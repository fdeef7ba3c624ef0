namespace EchoRate.Cli.Tests.Spreadsheets;

/// <summary>
/// One run in each profile whose words, categories and prompts are what readers of CSV bend; all words of a vocabulary of bytes beside
/// them, for half characters, tabs and quotes in pieces.
/// </summary>
public sealed class HostileRuns(DemoRun demo) : IDisposable
{
    /// <summary>Every CSV file of a run.</summary>
    public static readonly string[] Tables = ["files", "echo", "completion", "summary", "compare"];

    private const string Plain =
        "=1+1|-1|+1|@a|00123|1e5|12/3|1.5|1,5|2-3|MARCH1|TRUE|WAHR|#N/A|10%|$5|5 €|12:30|3E-4|1 234|  two spaces|trailing "
        + "| say \"hi\"|a,b;c|'|\"|a'b|=cmd|0x1F|[1 2]|sha256:00| naïve|日本|😀|e\u0301|a_x0041_b|<b>&amp;";

    // As a file of items writes what would be lost on a line.
    private const string Escaped = @"'\n'|'a\nb'|'\t'|'\ta'|'\r'|'\'quoted\''";

    // No text, so only words.
    private const string Bytes = @"'\xe2\x82'|'\x00'|'\xff'";

    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, RunOnDisk> _runs = [];

    /// <summary>The run in a profile: measured once, and rendered again from its journals in the others.</summary>
    internal RunOnDisk Of(string profile)
    {
        lock (_runs)
        {
            if (_runs.TryGetValue(profile, out var run))
            {
                return run;
            }
            var first = _runs.Values.FirstOrDefault();
            var outcome = first is null ? Measure(profile) : Render(first.Path, profile);
            Assert.True(outcome.ExitCode == 0, outcome.Error);
            return _runs[profile] = new RunOnDisk(
                _folder.At(profile),
                profile == "excel-eu" ? ';' : ','
            );
        }
    }

    private Outcome Measure(string profile)
    {
        var texts = $"{Plain}|{Escaped}".Split('|').Select(Cell).ToList();
        var words = texts
            .Select(text => $"{text},{text}")
            .Concat(Bytes.Split('|').Select(bytes => bytes + ","));
        var prompts = texts.Select(text => $"{text},{text},{text}");
        _folder.Write("w.csv", string.Join('\n', words.Prepend("item,category")));
        _folder.Write("p.csv", string.Join('\n', prompts.Prepend("id,prompt,expected")));
        return Echorate.Run(
            _folder.Path,
            $"run --file {demo.Model("demo-plain-F16")} --file {demo.Model("demo-plain-Q2_K")} --items w.csv,all --prompts p.csv "
                + $"--continue-tokens 4 --threads 1 --no-check --csv {profile} --out {profile}"
        );

        static string Cell(string text) => '"' + text.Replace("\"", "\"\"") + '"';
    }

    // As if it had been ended before its CSV files were made.
    private Outcome Render(string first, string profile)
    {
        TemporaryFolder.Copy(first, _folder.At(profile));
        new RunOnDisk(_folder.At(profile)).CutOff();
        var info = _folder.At(profile, "run.json");
        File.WriteAllText(
            info,
            File.ReadAllText(info)
                .Replace($"\"csv\": \"{Path.GetFileName(first)}\"", $"\"csv\": \"{profile}\"")
        );
        return Echorate.Run(_folder.Path, $"run --resume --out {profile}");
    }

    /// <inheritdoc />
    public void Dispose() => _folder.Dispose();
}

/// <summary>Tests that read these runs, one after the other.</summary>
[CollectionDefinition]
public sealed class HostileReaders : ICollectionFixture<HostileRuns>;
