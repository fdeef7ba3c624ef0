namespace EchoRate.Cli.Tests.BadInput;

/// <summary>Where <c>--out</c> points to something that is not a new or empty folder: code 3, and nothing of it is touched.</summary>
public sealed class BadFolderTests(DemoRun demo) : IDisposable
{
    private const string Allowed = "; --out takes a folder that is new or empty";

    private readonly Workplace _here = new();

    [Theory]
    [InlineData("demo")]
    [InlineData("run")]
    public void A_folder_that_is_not_empty(string command)
    {
        _here.Folder.Write("r/echo.csv", "an older run's");

        Refuses(command, "r", "is not empty" + Allowed + ", and nothing is overwritten");
    }

    [Fact]
    public void A_file()
    {
        _here.Folder.Write("r", "a file");

        Refuses("run", "r", "is a file" + Allowed);
    }

    [Fact]
    public void A_folder_that_the_system_refuses()
    {
        Assert.SkipUnless(
            Directory.Exists("/proc/self"),
            "there is no /proc here, where nobody can write"
        );

        _here.Refuses(
            3,
            "/proc/echorate/r: cannot be written: Could not find file '/proc/echorate'; --out names another folder",
            Arguments("run", "/proc/echorate/r")
        );
    }

    private void Refuses(string command, string folder, string problem) =>
        _here.Refuses(
            3,
            $"{Path.Combine("{folder}", folder)}: {problem}",
            Arguments(command, folder)
        );

    private string[] Arguments(string command, string folder) =>
        command == "demo"
            ? ["demo", "--threads", "1", "--out", folder]
            :
            [
                .. (
                    $"run --threads 1 --file {demo.Model("demo-plain-Q2_K")} --items words "
                    + $"--prompts published --out {folder}"
                ).Split(' '),
            ];

    public void Dispose() => _here.Dispose();
}
