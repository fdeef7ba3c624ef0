using EchoRate.Cli.Terminal;
using EchoRate.Core.Text;

namespace EchoRate.Cli.Tests.Program;

/// <summary>Tests that start the program in a folder of their own, which is gone afterwards.</summary>
public abstract class ProgramTests : IDisposable
{
    private protected TemporaryFolder Folder { get; } = new();

    /// <summary>Environment variables for the program; null takes one away.</summary>
    private protected Dictionary<string, string?> Variables { get; set; } = [];

    /// <summary>The run in the folder <c>r</c>, read back.</summary>
    private protected RunOnDisk Read => new(Folder.At("r"));

    /// <summary>Whether the runs of these tests need no worker processes: a file costs less without one.</summary>
    private protected virtual bool IsInProcess => true;

    /// <summary>Runs the program with words that blanks separate, and words that may hold blanks.</summary>
    private protected Outcome Run(string words, params string[] more) =>
        Echorate.Run(Folder.Path, Variables, [.. Echorate.Words(words), .. more]);

    /// <summary>The same in this process, without the time of a start: for what loads no llama.cpp and looks at no variable of the environment.</summary>
    private protected Outcome Here(string words, params string[] more)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var terminal = new UserTerminal
        {
            Out = Escaping(output),
            Data = output,
            Error = Escaping(error),
            OpenInput = () => Stream.Null,
            IsInteractive = false,
            UseColour = false,
            Width = 120,
            WorkingFolder = Folder.Path,
        };
        var code = new Application(terminal)
            .RunAsync([.. Echorate.Words(words), .. more])
            .GetAwaiter()
            .GetResult();
        return new Outcome(code, output.ToString(), error.ToString());

        static TerminalWriter Escaping(StringWriter to) =>
            new(to, isEssential: true, text => TerminalText.Escaped(text));
    }

    /// <summary>Starts it.</summary>
    private protected RunningProgram Start(string words) =>
        Echorate.Start(Folder.Path, Variables, Echorate.Words(words));

    /// <summary>A run or a look that must end well, with one thread; into <c>r</c>, in plain CSV, where it does not say otherwise.</summary>
    private protected RunOnDisk Measure(string words, params string[] more)
    {
        var outcome = Run(Whole(words), more);
        Assert.True(outcome.ExitCode == 0, outcome.Error);
        return ReadBack(words, outcome);
    }

    /// <summary>The same, which must end with another code than 0.</summary>
    private protected RunOnDisk Measure(int code, string words, params string[] more)
    {
        var outcome = Run(Whole(words), more);
        Assert.True(outcome.ExitCode == code, $"{outcome.ExitCode}: {outcome.Error}");
        return ReadBack(words, outcome);
    }

    /// <summary>
    /// The program refuses: this code, exactly this line on stderr (<c>{folder}</c> stands for the folder), nothing on stdout, and the folder as it
    /// was. A line that ends in an ellipsis may go on.
    /// </summary>
    private protected void Refuses(int code, string line, string words, params string[] more) =>
        Refuses(code, line, () => Run(words, more));

    /// <summary>The same, however it is run.</summary>
    private protected void Refuses(int code, string line, Func<Outcome> run)
    {
        var before = Folder.Snapshot();

        var outcome = run();

        line = "echorate: " + line.Replace("{folder}", Folder.Path);
        var said = Assert.Single(outcome.ErrorLines);
        Assert.Equal(line.TrimEnd('…'), line.EndsWith('…') ? said[..(line.Length - 1)] : said);
        Assert.Equal((code, ""), (outcome.ExitCode, outcome.Out));
        Assert.Equal(before, Folder.Snapshot());
    }

    /// <summary>A demo's model, or another, its keys changed.</summary>
    private protected string Bend(string from, string name, Action<GgufWriter> bend)
    {
        var writer = GgufCopy.Of(GgufFile.Read(from));
        bend(writer);
        return writer.In(Folder, name);
    }

    /// <inheritdoc />
    public virtual void Dispose()
    {
        Folder.Dispose();
        GC.SuppressFinalize(this);
    }

    private string Whole(string words) =>
        words
        + " --threads 1"
        + (IsInProcess && !words.Contains("--in-process") ? " --in-process" : "")
        + (words.Contains("--csv") ? "" : " --csv data")
        + (words.Contains("--out") ? "" : " --out r");

    private RunOnDisk ReadBack(string words, Outcome outcome)
    {
        var all = words.Split(' ');
        var at = Array.IndexOf(all, "--out");
        return new RunOnDisk(
            Folder.At(at < 0 ? "r" : all[at + 1]),
            words.Contains("--csv excel-eu") ? ';' : ','
        )
        {
            Outcome = outcome,
        };
    }
}
