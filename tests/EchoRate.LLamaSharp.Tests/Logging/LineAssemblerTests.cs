using EchoRate.Core.LlamaCpp;

namespace EchoRate.LLamaSharp.Tests.Logging;

public sealed class LineAssemblerTests
{
    private readonly LineAssembler _lines = new();
    private readonly List<string> _seen = [];

    [Fact]
    public void Fragments_are_joined_up_to_the_newline()
    {
        Add(LogLevel.Info, "[1/2] token_embd ");
        Add(LogLevel.Info, "converting ");
        Add(LogLevel.Continue, "size = 1\nnext");
        Add(LogLevel.Continue, " line\n");

        Assert.Equal(["Info [1/2] token_embd converting size = 1", "Info next line"], _seen);
    }

    [Fact]
    public void Another_level_ends_an_unfinished_line()
    {
        Add(LogLevel.Info, "loading\n");
        Add(LogLevel.Continue, "....");
        Add(LogLevel.Error, "failed\n");

        Assert.Equal(["Info loading", "Info ....", "Error failed"], _seen);
    }

    [Fact]
    public void A_character_cut_in_two_is_whole_again()
    {
        var bytes = Encoding.UTF8.GetBytes("é\r\n");
        _lines.Add(LogLevel.Warning, bytes.AsSpan(0, 1), Take);
        _lines.Add(LogLevel.Continue, bytes.AsSpan(1), Take);

        Assert.Equal(["Warning é"], _seen);
    }

    [Fact]
    public void What_waits_for_its_newline_is_not_lost()
    {
        Add(LogLevel.Info, "last words");
        _lines.Flush(Take);
        _lines.Flush(Take);

        Assert.Equal(["Info last words"], _seen);
    }

    private void Add(LogLevel level, string text) =>
        _lines.Add(level, Encoding.UTF8.GetBytes(text), Take);

    private void Take(LogLevel level, string line) => _seen.Add($"{level} {line}");
}
