using EchoRate.Core.Models;

namespace EchoRate.Reports.Page;

/// <summary>What the words of the column <c>flags</c> say, for people.</summary>
internal static class FlagWords
{
    private static readonly Dictionary<string, string> _words = new()
    {
        [RowFlags.SpacePrefixForced] =
            "an old Gemma file without add_space_prefix=false, loaded as if it had it",
        [RowFlags.NotExact] =
            "exact arithmetic was wanted, and this architecture multiplies weights otherwise: library rows",
        [RowFlags.NoPreTokenizer] =
            "the file does not say how words are split before merging: words may get other ids than the model was trained with",
        [RowFlags.ScoreCount] = "there are more scores than tokens",
        [RowFlags.TokenTypeCount] = "there are more token types than tokens",
        [RowFlags.BosOutOfRange] = "the id declared as BOS is not in the vocabulary",
        [RowFlags.EosOutOfRange] =
            "the id declared as EOS is not in the vocabulary: continuations end elsewhere",
        [RowFlags.GpuNotUsed] = "a GPU was asked for, and no layer is on one",
        [RowFlags.GpuLayersReduced] =
            "a GPU ran out of memory: fewer layers are on it than planned",
        [RowFlags.InputsDiffer] =
            "some rows got other ids than the reference's, and are compared with nothing",
        [RowFlags.ManifestContradictsHeader] =
            "the manifest says another quantization, family or tuning than the header; the header counts",
        [RowFlags.NameContradictsHeader] =
            "the file's name says another quantization than its header; the header counts",
        [RowFlags.BosInText] = "some words or prompts hold BOS themselves",
        [RowFlags.CpuLibrariesDiffer] =
            "shards were measured with different CPU libraries: last digits may differ",
    };

    public static string Of(string flag) =>
        _words.GetValueOrDefault(flag, "docs/inspect-and-tokenize.md says what it means");
}
