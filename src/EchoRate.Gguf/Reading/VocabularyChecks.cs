using static EchoRate.Gguf.GgufProblemCode;

namespace EchoRate.Gguf;

/// <summary>Whether the vocabulary's arrays belong together, and whether the special tokens are in it.</summary>
internal sealed class VocabularyChecks(GgufMetadata metadata, ProblemList problems)
{
    internal void Check()
    {
        var model = metadata.Text(GgufKeys.Tokenizer);
        var tokenizer = GgufTokenizer.Of(metadata);
        if (tokenizer.Kind == GgufTokenizerKind.Unknown)
        {
            problems.Error(
                NoTokenizer,
                $"{GgufKeys.Tokenizer} is {(model is null ? "absent" : $"'{model}'")}; known are {GgufTokenizer.KnownModels}."
            );
            return;
        }
        if (metadata.Texts(GgufKeys.Tokens) is not { Count: > 0 } tokens)
        {
            problems.Error(
                NoTokens,
                $"{GgufKeys.Tokens} is {metadata[GgufKeys.Tokens]?.ToString() ?? "absent"}; an array of texts is needed."
            );
            return;
        }
        if (tokens.Count > GgufFormat.MaxTokens)
        {
            problems.Error(
                TooManyTokens,
                $"{GgufKeys.Tokens} has {tokens.Count} entries; at most {GgufFormat.MaxTokens} are read."
            );
            return;
        }
        new TokenTextChecks(metadata, tokens, tokenizer.Kind, problems).Check();
        CheckCount(GgufKeys.Scores, ScoreCount, tokens.Count);
        CheckCount(GgufKeys.TokenTypes, TokenTypeCount, tokens.Count);
        if (tokenizer.Kind == GgufTokenizerKind.BytePair)
        {
            CheckBytePairs();
        }
        CheckSpecial(GgufKeys.Bos, BosOutOfRange, tokens.Count);
        CheckSpecial(GgufKeys.Eos, EosOutOfRange, tokens.Count);
        if (tokenizer.LacksSpacePrefixKey && !metadata.Has(GgufKeys.AddSpacePrefix))
        {
            problems.Warning(
                NoSpacePrefixKey,
                $"A Gemma file without {GgufKeys.AddSpacePrefix}: its tokenizer puts a space in front of every text."
            );
        }
    }

    // llama.cpp refuses too few and ignores the rest.
    private void CheckCount(string key, GgufProblemCode code, int tokens)
    {
        if (metadata[key] is not { } value)
        {
            return;
        }
        // llama.cpp takes scores as F32 or I32 and token types as I32, and refuses others.
        var isRightType =
            value.ElementType == GgufValueType.I32
            || (key == GgufKeys.Scores && value.ElementType == GgufValueType.F32);
        if (!value.IsArray || !isRightType)
        {
            problems.Error(
                WrongValueType,
                $"{key} is {value}; an array of I32{(key == GgufKeys.Scores ? " or F32" : "")} is needed."
            );
        }
        else if (value.Count < tokens)
        {
            problems.Error(code, $"{key} is {value}; one number per token, {tokens}, is needed.");
        }
        else if (value.Count > tokens)
        {
            problems.Warning(code, $"{key} has {value.Count} entries for {tokens} tokens.");
        }
    }

    private void CheckBytePairs()
    {
        var pre = metadata.Text(GgufKeys.PreTokenizer);
        if (metadata.Texts(GgufKeys.Merges) is null && pre != "kimi-k2")
        {
            problems.Error(
                NoMerges,
                $"{GgufKeys.Merges} is {metadata[GgufKeys.Merges]?.ToString() ?? "absent"}; byte-pair vocabularies need an array of texts."
            );
        }
        if (pre is null or "" or "default" && metadata.Text(GgufKeys.Tokenizer) != "gemma4")
        {
            problems.Warning(
                NoPreTokenizer,
                $"{GgufKeys.PreTokenizer} is {(pre == "default" ? "'default'" : "absent: llama.cpp takes 'default'")} and splits words otherwise than in training."
            );
        }
    }

    private void CheckSpecial(string key, GgufProblemCode code, int tokens)
    {
        if (metadata.WholeNumber(key) is { } id && (id < 0 || id >= tokens))
        {
            problems.Warning(code, $"{key} is {id}; the vocabulary ends at {tokens - 1}.");
        }
    }
}
