namespace EchoRate.Cli.Tests.BadInput;

/// <summary>Files of words and prompts that people wrote, in the ways that they go wrong.</summary>
public sealed class BadWordsTests(DemoRun demo) : IDisposable
{
    private readonly Workplace _here = new();

    [Theory]
    [InlineData(null, ": does not exist.")]
    [InlineData(
        "item\n John\n sad\n John\n",
        ", line 4: the item ' John' already stands in line 2."
    )]
    public void Items_that_cannot_be_read(string? content, string problem) =>
        Refuses("--items", content, problem);

    [Fact]
    public void Prompts_without_their_column() =>
        Refuses(
            "--prompts",
            "id,expected\n1, Mary\n",
            ", line 1: the column prompt is missing; allowed: id, prompt, expected."
        );

    private void Refuses(string option, string? content, string problem)
    {
        if (content is not null)
        {
            _here.Folder.Write("w.csv", Encoding.Latin1.GetBytes(content));
        }
        _here.Refuses(
            3,
            Path.Combine("{folder}", "w.csv") + problem,
            $"run --file {demo.Model("demo-echo-F16")} {option} w.csv --out r"
        );
    }

    public void Dispose() => _here.Dispose();
}
