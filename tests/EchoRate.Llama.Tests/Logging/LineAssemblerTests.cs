using System.Text;
using EchoRate.Llama.Interop;
using EchoRate.Llama.Logging;
using static EchoRate.Llama.Interop.ggml_log_level;

namespace EchoRate.Llama.Tests.Logging;

public sealed class LineAssemblerTests
{
    private readonly LineAssembler _lines = new();
    private readonly List<string> _seen = [];

    [Fact]
    public void Fragments_are_joined_up_to_the_newline()
    {
        Add(GGML_LOG_LEVEL_INFO, "[1/2] token_embd ");
        Add(GGML_LOG_LEVEL_INFO, "converting ");
        Add(GGML_LOG_LEVEL_CONT, "size = 1\nnext");
        Add(GGML_LOG_LEVEL_CONT, " line\n");

        Assert.Equal(["INFO [1/2] token_embd converting size = 1", "INFO next line"], _seen);
    }

    [Fact]
    public void Another_level_ends_an_unfinished_line()
    {
        Add(GGML_LOG_LEVEL_INFO, "loading\n");
        Add(GGML_LOG_LEVEL_CONT, "....");
        Add(GGML_LOG_LEVEL_ERROR, "failed\n");

        Assert.Equal(["INFO loading", "INFO ....", "ERROR failed"], _seen);
    }

    [Fact]
    public void A_character_cut_in_two_is_whole_again()
    {
        var bytes = Encoding.UTF8.GetBytes("é\r\n");
        _lines.Add(GGML_LOG_LEVEL_WARN, bytes.AsSpan(0, 1), Take);
        _lines.Add(GGML_LOG_LEVEL_CONT, bytes.AsSpan(1), Take);

        Assert.Equal(["WARN é"], _seen);
    }

    [Fact]
    public void What_waits_for_its_newline_is_not_lost()
    {
        Add(GGML_LOG_LEVEL_INFO, "last words");
        _lines.Flush(Take);
        _lines.Flush(Take);

        Assert.Equal(["INFO last words"], _seen);
    }

    private void Add(ggml_log_level level, string text) =>
        _lines.Add(level, Encoding.UTF8.GetBytes(text), Take);

    private void Take(ggml_log_level level, string line) =>
        _seen.Add($"{level.ToString()["GGML_LOG_LEVEL_".Length..]} {line}");
}
