using System.Text;
using EchoRate.Cli.Quantizing;
using EchoRate.Core.Text;
using EchoRate.Gguf;

namespace EchoRate.Cli.Inspecting;

/// <content>For people: what the weights are, what goes in front of a token, what should be known.</content>
internal sealed partial class Inspection
{
    /// <summary>The text, lines ending in a line feed. Texts from a file may hold what moves a terminal's cursor.</summary>
    public string ToText()
    {
        var text = new StringBuilder($"{TerminalText.Of(_file.Path)}\n");
        text.Append("\nWeights\n");
        Line("architecture", _facts.Architecture);
        Line("name", _metadata.Text(GgufKeys.Name));
        Line("constructed", _facts.Constructed ? "yes, not trained" : "no");
        Line(
            "quantization",
            _facts.OwnLabel is { } own
                ? $"{_facts.Quantization}, called {own}"
                : _facts.Quantization ?? "unknown"
        );
        Line("tensor types", Present(_facts.TensorTypes?.Replace(" ", "  ")));
        Line("token_embd", _facts.TokenEmbeddingType);
        Line(
            "output",
            IsTied is { } tied
                ? $"{_facts.OutputType}, {(tied ? "tied: token_embd is the output head too" : "its own tensor")}"
                : null
        );
        Line("importance matrix", YesNo(_facts.Imatrix));
        Line("parameters", _facts.Parameters > 0 ? $"{_facts.Parameters:N0}" : null);
        Line("bits per weight", Present($"{_facts.BitsPerWeight:0.##}"));
        Line("file size", Size());
        Line("layers", Count(_facts.Layers));
        Line(
            "experts per layer",
            _file.Count(GgufKeys.ExpertCount) is > 0 and var experts ? $"{experts:N0}" : null
        );
        Line("context length", Count(_file.Count(GgufKeys.ContextLength)));
        text.Append("\nTokens\n");
        Line("tokenizer", _facts.Tokenizer);
        Line("pre-tokenizer", _facts.PreTokenizer);
        Line("vocabulary", Count(_facts.VocabularySize));
        Line("BOS", _facts.BosToken is { } bos ? $"{bos} {Piece(bos)}" : null);
        Line("BOS kind", $"{BosKindWord}: {TerminalText.Of(BosReason)}");
        Line("EOS", Eos());
        Line(
            "add EOS",
            $"{YesNo(_tokenizer.AddsEos)}, {WhoDecides(GgufKeys.AddEos, "add_eos_token")}"
        );
        Line("add space prefix", SpacePrefix());
        Line("chat template", ChatTemplate());
        foreach (var (number, warning) in Warnings().Index())
        {
            text.Append(number == 0 ? "\nWarnings\n" : "")
                .Append($"  {TerminalText.Of(warning.Message)}\n");
        }
        return text.ToString();

        void Line(string label, string? value) =>
            text.Append($"  {label, -18}{TerminalText.Of(value ?? "none")}\n");
    }

    private string Size() =>
        $"{_file.FileBytes:N0} bytes"
        + (_file.FileBytes < 1_000_000 ? "" : $" ({QuantizeWords.Size(_file.FileBytes)})")
        + (_file.Parts.Length == 1 ? "" : $" in {_file.Parts.Length:N0} parts");

    private string? Eos() =>
        _facts.EosToken is { } eos ? $"{eos} {Piece(eos)}"
        : _metadata.WholeNumber(GgufKeys.Eos) is { } outside ? $"none: {outside} is out of range"
        : null;

    private string? ChatTemplate() =>
        _metadata.ChatTemplateWritesBos is not { } writes ? null
        : writes ? "writes BOS itself"
        : "does not write BOS";

    private string SpacePrefix() =>
        _facts.SpacePrefixForced
            ? "no, forced by EchoRate: the file does not say, and llama.cpp would add one"
            : $"{YesNo(_facts.AddSpacePrefix)}, {WhoDecides(GgufKeys.AddSpacePrefix, "add_space_prefix")}";

    private static string? Present(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private static string YesNo(bool? value) => value == true ? "yes" : "no";

    private static string Count(int? number) => number is null ? "unknown" : $"{number:N0}";
}
