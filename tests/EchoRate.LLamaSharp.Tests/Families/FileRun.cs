using EchoRate.LLamaSharp.Loading;
using EchoRate.Runs.Executing;
using EchoRate.Runs.Folder;
using EchoRate.Runs.Journal;
using EchoRate.Runs.Provenance;

namespace EchoRate.LLamaSharp.Tests.Families;

/// <summary>One file measured by the program's own runner: header, overrides, load, probes, journal.</summary>
internal sealed record FileRun(FileRecord File, IReadOnlyList<MeasuredRow> Rows, string Log)
{
    internal IEnumerable<EchoRow> Echoes => Rows.OfType<EchoRow>();

    internal IEnumerable<CompletionRow> Completions => Rows.OfType<CompletionRow>();

    /// <summary>The 27 words and some prompts under both arms.</summary>
    internal static FileRun Of(string path, params Prompt[] prompts)
    {
        using var temporary = new TemporaryFolder();
        var folder = RunFolder.Create(temporary.At("run"));
        var request = new ProbeRequest
        {
            PromptSets = [new PromptSet("test", prompts, Continues: false)],
            ContinueTokens = 0,
        };
        var target = new RunTarget
        {
            Engine = "llama",
            Backend = "cpu",
            DeviceLabel = "cpu",
        };
        var job = new FileJob
        {
            Facts = ModelFacts.From(GgufFile.Read(path)),
            Parts = [new ModelPart(path)],
        };
        var measurer = new InProcessMeasurer(new LLamaSharpEngine(TestLibrary.Load(), threads: 1));
        var work = new RunWork
        {
            Folder = folder,
            Files = [job],
            Targets = [new TargetMeasurer(target, measurer)],
            Request = request,
            Sequences = 32,
            Threads = 1,
        };
        RunLoop.Run(work, new SilentProgress(), TestContext.Current.CancellationToken);
        var record = JournalReader.ReadFile(folder.Journals.Single());
        var log = Directory.EnumerateFiles(Path.Combine(folder.Path, "logs")).Single();
        return new FileRun(
            record,
            [.. JournalReader.ReadRows(folder.Journals.Single())],
            System.IO.File.ReadAllText(log)
        );
    }
}
