using System.Text;
using Cocona;
using EchoRate.Cli.CommandLine;
using EchoRate.Cli.Composition;
using EchoRate.Cli.Errors;
using EchoRate.Cli.Inspecting;
using EchoRate.Cli.Requests;
using EchoRate.Cli.Terminal;
using EchoRate.Core.Models;

namespace EchoRate.Cli.Commands;

internal sealed record TokenizeRequest : JsonRequest
{
    [Argument("FILE.gguf", Description = OptionTexts.File)]
    public string File { get; init; } = "";

    [Argument(
        "TEXT",
        Description = "The text; - reads it from stdin, its last line break too; put -- before a text that looks like an option"
    )]
    public string Text { get; init; } = "";
}

/// <summary><c>echorate tokenize</c>: a text as each arm feeds it. Only the vocabulary is loaded, never the weights.</summary>
internal sealed class TokenizeCommand(UserTerminal terminal)
{
    // Far more than any context; some tokenizers take time that grows faster than the text.
    private const int MostBytes = 1 << 24;
    private const string FromInput = "-";
    private static readonly UTF8Encoding _strict = new(false, throwOnInvalidBytes: true);

    [Command(
        "tokenize",
        Description = "Show a text's ids, pieces and bytes, and what each arm feeds"
    )]
    public async Task<int> RunAsync(TokenizeRequest request)
    {
        var path = Path.GetFullPath(request.File, terminal.WorkingFolder);
        var header = Inspection.Read(path);
        var text = await ReadTextAsync(request.Text);
        var facts = ModelFacts.From(header);
        var engine = Engines.Load(Engines.DefaultTarget);
        using var vocabulary = engine.LoadVocabulary(path, facts.SpacePrefixForced);
        var tokens = new TokenizedText(header, facts, vocabulary, text);
        await terminal.AnswerAsync(
            request.Json,
            tokens.ToJson,
            () => tokens.ToText(terminal.Style with { Width = null })
        );
        return ExitCode.Done;
    }

    private async Task<byte[]> ReadTextAsync(string argument)
    {
        if (argument != FromInput)
        {
            return ArgumentText.Read(
                "TEXT",
                argument,
                $"a text with that character can be given on stdin, with {FromInput}"
            );
        }
        var bytes = await ReadInputAsync();
        try
        {
            _strict.GetCharCount(bytes);
            return bytes;
        }
        catch (DecoderFallbackException e)
        {
            throw new UsageException(
                $"TEXT: stdin is not valid UTF-8 at byte {e.Index}, counted from 0"
            );
        }
    }

    private async Task<byte[]> ReadInputAsync()
    {
        using var input = terminal.OpenInput();
        var buffer = new byte[MostBytes + 1];
        var count = await input.ReadAtLeastAsync(
            buffer,
            buffer.Length,
            throwOnEndOfStream: false,
            terminal.Cancellation
        );
        return count <= MostBytes
            ? buffer[..count]
            : throw new UsageException(
                $"TEXT: stdin holds more than {MostBytes} bytes, the most that are tokenized at once"
            );
    }
}
