using EchoRate.Core.Arms;
using EchoRate.Core.Engine;
using EchoRate.Core.Models;
using EchoRate.Core.Probes;
using EchoRate.Core.Text;
using EchoRate.Core.Tokens;
using EchoRate.Reports.Csv;

namespace EchoRate.Cli.Inspecting;

/// <summary>
/// A text as a run would feed it. Its members in snake_case are the fields of <c>tokenize --json</c>: docs/inspect-and-tokenize.md lists
/// them, scripts hold on to them.
/// </summary>
internal sealed record TokenizedText
{
    /// <summary>The file, the first part of a split one.</summary>
    public required string Path { get; init; }

    /// <summary>The text.</summary>
    public required string Text { get; init; }

    /// <summary>Its ids: no BOS added, and no special token read out of it but one that the file marks as user-defined.</summary>
    public required IReadOnlyList<int> Ids { get; init; }

    /// <summary>The ids' bytes in piece form.</summary>
    public required IReadOnlyList<string> Pieces { get; init; }

    /// <summary>The ids' bytes in hexadecimal, <c>0x…</c>.</summary>
    public required IReadOnlyList<string> Hex { get; init; }

    /// <summary>What each arm feeds.</summary>
    public required IReadOnlyList<FedArm> Arms { get; init; }

    /// <summary><c>native</c>, <c>declared</c> or <c>none</c>.</summary>
    public required string BosKind { get; init; }

    /// <summary>The one token that is measured where the text is an item; null where it would be <c>not_single_token</c>.</summary>
    public required int? ItemId { get; init; }

    /// <summary>Why there is no such token; null where there is one.</summary>
    public required string? ItemReason { get; init; }

    /// <summary>What should be known about this text in this file.</summary>
    public required IReadOnlyList<Remark> Notes { get; init; }

    /// <summary>Tokenizes a text as the probes do.</summary>
    /// <param name="header">The file's header.</param>
    /// <param name="facts">The header's facts.</param>
    /// <param name="vocabulary">The file's vocabulary, loaded as the facts say.</param>
    /// <param name="utf8">The text.</param>
    public static TokenizedText Of(
        ModelHeader header,
        ModelFacts facts,
        IVocabulary vocabulary,
        byte[] utf8
    )
    {
        var ids = vocabulary.Tokenize(utf8);
        var item = new TokenFinder(vocabulary, facts.AddSpacePrefix ?? false).Find(utf8);
        return new TokenizedText
        {
            Path = header.File.Path,
            Text = System.Text.Encoding.UTF8.GetString(utf8),
            Ids = ids,
            Pieces = [.. ids.Select(id => PieceNotation.Format(vocabulary.Piece(id).Span))],
            Hex = [.. ids.Select(id => "0x" + Convert.ToHexStringLower(vocabulary.Piece(id).Span))],
            Arms =
            [
                .. Arm
                    .Default.SelectMany(arm => ArmPrefix.Resolve(arm, facts, vocabulary))
                    .Select(prefix => FedArm.Of(prefix, ids)),
            ],
            BosKind = EnumWords.Of(facts.BosKind ?? Core.Models.BosKind.None),
            ItemId = item.Token?.Id,
            ItemReason = item.Reason,
            Notes = [.. NotesOn(header, facts, utf8, vocabulary.Join(ids), ids)],
        };
    }

    private static IEnumerable<Remark> NotesOn(
        ModelHeader header,
        ModelFacts facts,
        byte[] text,
        byte[] back,
        int[] ids
    )
    {
        if (facts.SpacePrefixForced)
        {
            yield return new Remark(RowFlags.SpacePrefixForced, Wording.SpacePrefixForced);
        }
        if (back.AsSpan() is [(byte)' ', .. var rest] && rest.SequenceEqual(text))
        {
            yield return new Remark("space_prefix_added", Wording.SpacePrefixAdded);
        }
        else if (!back.AsSpan().SequenceEqual(text))
        {
            yield return new Remark("bytes_differ", Wording.BytesDiffer(back));
        }
        if (facts.BosToken is { } bos && ids.Contains(bos))
        {
            yield return new Remark(RowFlags.BosInText, Wording.BosInText);
        }
        if (ids.Length == 0)
        {
            yield return new Remark("no_tokens", Wording.NoTokens);
        }
        if (header.IsVocabularyOnly)
        {
            yield return new Remark("no_tensors", Wording.VocabularyOnly);
        }
    }
}

/// <summary>What one arm feeds.</summary>
/// <param name="Arm">The arm.</param>
/// <param name="PrefixId">The token in front; null for none.</param>
/// <param name="PrefixPiece">Its bytes in piece form.</param>
/// <param name="InputIds">Everything that goes in; null where the file cannot have this arm.</param>
/// <param name="Reason">Why it cannot; null where it can.</param>
internal sealed record FedArm(
    string Arm,
    int? PrefixId,
    string? PrefixPiece,
    IReadOnlyList<int>? InputIds,
    string? Reason
)
{
    /// <summary>An arm's prefix before the ids of a text.</summary>
    public static FedArm Of(ArmPrefix prefix, int[] ids) =>
        new(
            prefix.Arm.Name,
            prefix.Token?.Id,
            prefix.Token is { } token ? PieceNotation.Format(token.Bytes) : null,
            prefix.Missing is null ? [.. prefix.Ids, .. ids] : null,
            prefix.Missing
        );
}
