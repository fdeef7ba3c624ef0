using System.Text;

namespace EchoRate.Cli.Tests.BadInput;

/// <summary>Files of words and prompts that people wrote, in the ways that they go wrong.</summary>
public sealed class BadWordsTests(DemoRun demo) : IDisposable
{
    private readonly Workplace _here = new();

    [Theory]
    [InlineData(null, ": does not exist.")]
    [InlineData("", ": is empty; it begins with the header item,category.")]
    [InlineData("item,category\n", ": has a header and no items.")]
    [InlineData(" John\n", ", line 1: unknown column \"John\"; allowed: item, category.")]
    [InlineData(
        "item\n John\n sad\n John\n",
        ", line 4: the item ' John' already stands in line 2."
    )]
    [InlineData(
        "item\n\"John\n",
        ", line 2: a double quote that opens or closes nothing; a cell with double quotes in it stands in double quotes, each of them doubled."
    )]
    [InlineData("item\n John\n café\n", ", line 3: is not UTF-8; save the file as \"CSV UTF-8\".")]
    [InlineData(
        "GGUF\0\0",
        ": holds zero bytes, so it is no UTF-8 text; save it as \"CSV UTF-8\" (a zero byte in an item is written '\\x00')."
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
