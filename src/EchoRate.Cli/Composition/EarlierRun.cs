using EchoRate.Cli.Terminal;
using EchoRate.Runs.Folder;
using EchoRate.Runs.Journal;
using EchoRate.Runs.Provenance;

namespace EchoRate.Cli.Composition;

/// <summary>A run that was measured before, whose rows are read again.</summary>
internal static class EarlierRun
{
    /// <summary>Opens a run's folder to write into it; says where the run did not finish.</summary>
    /// <exception cref="RunException">It is no run's, a shard's, or not all of its journals are there.</exception>
    public static RunFolder Open(string given, string verb, UserTerminal terminal, out RunInfo info)
    {
        var path = Path.GetFullPath(given, terminal.WorkingFolder);
        info = RunInfo.Read(RunFolder.Open(path).InfoPath);
        var folder = RunFolder.OpenToWrite(path);
        if (WhyNot(info, folder, verb) is { } why)
        {
            folder.Dispose();
            throw new RunException($"{folder.Path}: {why}");
        }
        if (info.Finished is null)
        {
            terminal.Error.WriteLine(
                "echorate: this run did not finish: what follows rests on the rows that are there"
            );
        }
        return folder;
    }

    /// <summary>What a run lost since it finished, in words: journals, or the end of one, as a copy that was cut short leaves it; null for nothing.</summary>
    public static string? Lost(RunInfo info, RunFolder folder) =>
        info.Finished is null ? null
        : folder.Journals.Count != info.JournalCount ? Holds(info, folder)
        : folder.Journals.FirstOrDefault(IsCutShort) is { } cut
            ? $"{Path.GetFileName(cut)} or its check is cut short: the file's last record is missing{(info.Command == "run" ? "; 'echorate run --resume' measures what is lost" : "")}"
        : null;

    private static bool IsCutShort(string journal) =>
        JournalReader.LastRecord(journal) is null
        || RunFolder.CheckOf(journal) is var check
            && File.Exists(check)
            && JournalReader.LastRecord(check) is null;

    private static string Holds(RunInfo info, RunFolder folder) =>
        $"the run has {info.Extent} and its folder rows holds {folder.Journals.Count} of them";

    private static string? WhyNot(RunInfo info, RunFolder folder, string verb) =>
        info.Command is not ("run" or "demo" or "merge")
            ? $"made by 'echorate {info.Command}', and {verb} is for what run, demo and merge made"
        : info.Shard is { } shard
            ? $"shard {shard} of a run; {verb} the run that 'echorate merge' makes of all {shard.Count}"
        : folder.Journals.Count == 0 ? Holds(info, folder)
        : Lost(info, folder);
}
