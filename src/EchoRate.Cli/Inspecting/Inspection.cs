using EchoRate.Core.Models;
using EchoRate.Core.Text;
using EchoRate.Gguf;
using EchoRate.Reports.Csv;

namespace EchoRate.Cli.Inspecting;

/// <summary>What a header tells a person before a run.</summary>
internal sealed partial class Inspection(GgufFile file)
{
    private readonly GgufFile _file = file;
    private readonly GgufMetadata _metadata = file.Metadata;
    private readonly ModelFacts _facts = ModelFacts.From(file);
    private readonly GgufTokenizer _tokenizer = GgufTokenizer.Of(file.Metadata);

    /// <summary>A header to look at, not to run: a vocabulary without tensors will do, everything else that is wrong with a file is refused.</summary>
    /// <exception cref="GgufException">The file is missing, damaged, or no model.</exception>
    public static GgufFile Read(string path)
    {
        GgufFile.TryRead(path, out var file, out var problems);
        var refused = problems.Where(problem =>
            file is null || problem.Code != GgufProblemCode.NoTensors
        );
        return file is null || refused.Any(problem => problem.Severity == GgufSeverity.Error)
            ? throw new GgufException(path, [.. refused])
            : file;
    }

    /// <summary>The fields bear the names of files.csv where that has the column. Scripts hold on to them: docs/inspect-and-tokenize.md lists them.</summary>
    public object ToJson() =>
        new
        {
            Path = _file.Path,
            Model = _facts.Model,
            Name = _metadata.Text(GgufKeys.Name),
            Architecture = _facts.Architecture,
            Constructed = _facts.Constructed,
            Quant = _facts.Quantization,
            Label = _facts.Label,
            TensorTypes = _file.TensorTypes.ToDictionary(type => $"{type.Key}", type => type.Value),
            TokenEmbdType = _facts.TokenEmbeddingType,
            OutputType = _facts.OutputType,
            TiedEmbeddings = IsTied,
            Imatrix = _facts.Imatrix,
            Parameters = _facts.Parameters,
            BitsPerWeight = _facts.BitsPerWeight,
            FileBytes = _file.FileBytes,
            Parts = _file.Parts.Length,
            Layers = _facts.Layers,
            Experts = _file.Count(GgufKeys.ExpertCount) ?? 0,
            ContextLength = _file.Count(GgufKeys.ContextLength),
            Tokenizer = _facts.Tokenizer,
            PreTokenizer = _facts.PreTokenizer,
            VocabSize = _facts.VocabularySize,
            BosId = _facts.BosToken,
            BosPiece = Piece(_facts.BosToken),
            BosKind = BosKindWord,
            BosReason = BosReason,
            DeclaredBosId = _facts.DeclaredBosToken,
            DeclaredAddBos = _metadata.Bool(GgufKeys.AddBos),
            AddBos = _tokenizer.AddsBos,
            EosId = _facts.EosToken,
            EosPiece = Piece(_facts.EosToken),
            DeclaredEosId = _metadata.WholeNumber(GgufKeys.Eos),
            DeclaredAddEos = _metadata.Bool(GgufKeys.AddEos),
            AddEos = _tokenizer.AddsEos,
            DeclaredAddSpacePrefix = _metadata.Bool(GgufKeys.AddSpacePrefix),
            AddSpacePrefix = _facts.AddSpacePrefix,
            SpacePrefixForced = _facts.SpacePrefixForced,
            ChatTemplate = _metadata.Text(GgufKeys.ChatTemplate) is not null,
            ChatTemplateWritesBos = _metadata.ChatTemplateWritesBos,
            Warnings = Warnings(),
        };

    // A vocabulary alone has no embedding.
    private bool? IsTied => _facts.TokenEmbeddingType is null ? null : _facts.TiedEmbeddings;

    private string BosKindWord => EnumWords.Of(_facts.BosKind!.Value);

    private string BosReason =>
        _facts.BosKind switch
        {
            BosKind.Native => $"the tokenizer adds it, {WhoDecidesBos()}",
            BosKind.Declared => $"declared, but the tokenizer does not add it, {WhoDecidesBos()}",
            _ when _facts.DeclaredBosToken is { } id =>
                $"tokenizer.ggml.bos_token_id is {id}, out of range: the vocabulary ends at {_facts.VocabularySize - 1}",
            _ => "the key tokenizer.ggml.bos_token_id is absent",
        };

    // As the header has it: a special token's text is no byte-pair alphabet.
    private string? Piece(int? id) =>
        id is { } known ? PieceNotation.Format(_metadata.Texts(GgufKeys.Tokens)![known]) : null;

    // Only byte-pair tokenizers make it depend on the pre-tokenizer.
    private string WhoDecidesBos()
    {
        var said = _metadata.Bool(GgufKeys.AddBos);
        if (said is { } word && word != _tokenizer.AddsBos)
        {
            return $"although the file says add_bos_token = {(word ? "true" : "false")}: this tokenizer does not ask it";
        }
        return
            said is null
            && _tokenizer.Kind == GgufTokenizerKind.BytePair
            && _facts.PreTokenizer is { } pre
            ? $"by the default of pre-tokenizer {pre} (the file does not say)"
            : WhoDecides(GgufKeys.AddBos, "add_bos_token");
    }

    private string WhoDecides(string key, string name) =>
        _metadata.Bool(key) switch
        {
            true => $"as the file says ({name} = true)",
            false => $"as the file says ({name} = false)",
            null => "by the tokenizer's default (the file does not say)",
        };

    // What the header's reader found comes first.
    private IEnumerable<Remark> Warnings()
    {
        foreach (var problem in _file.Problems)
        {
            var found = problem.Message.TrimEnd('.');
            yield return new Remark(
                EnumWords.Of(problem.Code),
                problem.Code switch
                {
                    GgufProblemCode.NoTensors => Remark.VocabularyOnly,
                    GgufProblemCode.NoSpacePrefixKey =>
                        $"{found}; EchoRate forces it to false, or ' John' would become another token.",
                    GgufProblemCode.BosOutOfRange => $"{found}; the arm 'with' has no BOS to feed.",
                    _ => problem.Message,
                }
            );
        }
        if (_facts.DeclaredBosToken is null)
        {
            yield return new Remark(
                "bos_key_absent",
                "There is no key tokenizer.ggml.bos_token_id: the arm 'with' has no BOS to feed, whatever llama.cpp answers when asked."
            );
        }
        if (
            _file.Tensor(GgufKeys.TokenEmbedding)?.Type is { } embedding
            && _facts.Quantization is { } label
            && QuantizationNames.TensorTypeOf(label) is { } promised
            && embedding.BitsPerNumber() > promised.BitsPerNumber()
        )
        {
            yield return new Remark(
                "embedding_above_label",
                $"token_embd is {embedding} ({embedding.BitsPerNumber():0.##} bits), more than the label {label} says "
                    + $"({promised}, {promised.BitsPerNumber():0.##}){(IsTied == true ? ", and it is the output head too" : "")}: "
                    + "quantization may show less in the echo than the label suggests."
            );
        }
    }
}
