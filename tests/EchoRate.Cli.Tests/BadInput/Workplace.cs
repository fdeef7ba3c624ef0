namespace EchoRate.Cli.Tests.BadInput;

/// <summary>A folder in which the program is asked for something that it must refuse: one line, one code, nothing written.</summary>
internal sealed class Workplace : IDisposable
{
    /// <summary>The folder.</summary>
    public TemporaryFolder Folder { get; } = new();

    /// <summary>Environment variables for the program.</summary>
    public Dictionary<string, string?> Environment { get; } = [];

    /// <summary>
    /// The program refuses: this code, exactly this line on stderr (<c>{folder}</c> stands for the folder), nothing on stdout, and the
    /// folder as it was.
    /// </summary>
    public void Refuses(int code, string line, params string[] arguments)
    {
        var before = Folder.Snapshot();

        var outcome = Echorate.Run(Folder.Path, Environment, arguments);

        Assert.Equal("echorate: " + line.Replace("{folder}", Folder.Path) + "\n", outcome.Error);
        Assert.Equal(code, outcome.ExitCode);
        Assert.Equal("", outcome.Out);
        Assert.Equal(before, Folder.Snapshot());
    }

    /// <summary>The program refuses words that blanks separate.</summary>
    public void Refuses(int code, string line, string words) =>
        Refuses(code, line, words.Split(' '));

    /// <inheritdoc />
    public void Dispose() => Folder.Dispose();
}
