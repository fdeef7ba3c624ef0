namespace EchoRate.Core.Models;

/// <summary>The words of the column <c>flags</c>.</summary>
public static class RowFlags
{
    /// <summary>A Gemma file lacks <c>add_space_prefix</c>; it was forced to false, or a space would have gone in front of every word.</summary>
    public const string SpacePrefixForced = "space_prefix_forced";

    /// <summary>Exact arithmetic was wanted, and the architecture multiplies weights in a way that it does not know.</summary>
    public const string NotExact = "not_exact";

    /// <summary>A byte-pair vocabulary does not say how words are split before merging.</summary>
    public const string NoPreTokenizer = "no_pre_tokenizer";

    /// <summary>There are more scores than tokens.</summary>
    public const string ScoreCount = "score_count";

    /// <summary>There are more token types than tokens.</summary>
    public const string TokenTypeCount = "token_type_count";

    /// <summary>The id that the file declares as BOS is not in its vocabulary.</summary>
    public const string BosOutOfRange = "bos_out_of_range";

    /// <summary>The id that the file declares as EOS is not in its vocabulary: continuations end elsewhere than they should.</summary>
    public const string EosOutOfRange = "eos_out_of_range";

    /// <summary>A GPU was asked for, and no layer is on one.</summary>
    public const string GpuNotUsed = "gpu_not_used";

    /// <summary>A GPU ran out of memory, and fewer layers are on it than planned.</summary>
    public const string GpuLayersReduced = "gpu_layers_reduced";

    /// <summary>Other ids went in than into the reference: the row is compared with nothing.</summary>
    public const string InputsDiffer = "inputs_differ";

    /// <summary>The manifest says another quantization, family or tuning than the header; the header counts.</summary>
    public const string ManifestContradictsHeader = "manifest_contradicts_header";

    /// <summary>The file's name says another quantization than its header; the header counts.</summary>
    public const string NameContradictsHeader = "name_contradicts_header";

    /// <summary>What is probed holds BOS itself, beside the arm's: the file marks that token as one that text may write, and no tokenizer can be told otherwise.</summary>
    public const string BosInText = "bos_in_text";

    /// <summary>Shards of one file were measured with different CPU libraries.</summary>
    public const string CpuLibrariesDiffer = "cpu_libraries_differ";
}
