using EchoRate.LLamaSharp.Loading;

namespace EchoRate.LLamaSharp.Tests.Mutants;

/// <summary>The other side of <see cref="MutantTests"/>: loads one file after the other, and says before each which it is, should it be the last.</summary>
public sealed class MutantChild
{
    /// <summary>Names the file with the paths, a line each.</summary>
    internal const string ListVariable = "ECHORATE_MUTANT_LIST";

    internal const string Begun = "begun ";

    internal const string Ended = "ended ";

    /// <summary>What it wrote: a line before each file, a line after it.</summary>
    internal static string ReportOf(string list) => list + ".report";

    [Fact]
    public void Loads_what_its_parent_names()
    {
        var list = Environment.GetEnvironmentVariable(ListVariable);
        Assert.SkipWhen(list is null, "runs as a child of the mutant tests alone");
        using var report = new StreamWriter(ReportOf(list!), append: true) { AutoFlush = true };
        var engine = new LLamaSharpEngine(TestLibrary.Load(), threads: 1);
        foreach (var path in File.ReadLines(list!))
        {
            report.WriteLine(Begun + path);
            report.WriteLine(Ended + Load(engine, path));
        }
    }

    private static string Load(LLamaSharpEngine engine, string path)
    {
        try
        {
            using var session = engine.Load(
                path,
                new LoadOptions
                {
                    Sequences = 4,
                    BatchSize = 8,
                    CacheSize = 64,
                    Threads = 1,
                }
            );
            var last = session.Vocabulary.Size - 1;
            session.Decode([
                new BatchToken(0, 0, 0, true),
                new BatchToken(last / 2, 0, 1, true),
                new BatchToken(last, 1, 1, true),
            ]);
            var text = session.Vocabulary.Tokenize(" John went"u8);
            return $"loaded {session.Logits(2).Length} {text.Length}";
        }
        catch (Exception e) when (e is EngineException or GgufException)
        {
            return "refused " + e.Message.ReplaceLineEndings(" ");
        }
    }
}
