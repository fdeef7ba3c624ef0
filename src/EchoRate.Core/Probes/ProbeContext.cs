using System.Buffers;
using EchoRate.Core.Arms;
using EchoRate.Core.Engine;
using EchoRate.Core.Items;
using EchoRate.Core.Models;
using EchoRate.Core.Results;
using EchoRate.Core.Scoring;
using EchoRate.Core.Tokens;

namespace EchoRate.Core.Probes;

/// <summary>One loaded file, ready to be probed, and the reference that it is held against, or that takes note of its rows; null for none.</summary>
public sealed record ProbeContext(
    ModelFacts Facts,
    IModelSession Session,
    ReferenceStore? Reference = null
)
{
    /// <summary>Finds the tokens of texts.</summary>
    public TokenFinder Finder { get; } = new(Session.Vocabulary, Facts.AddSpacePrefix ?? false);

    /// <summary>The published table's column for this model; null where it has none.</summary>
    public PublishedColumn? Published { get; } = PublishedTable.Find(Facts.PublishedColumn);

    /// <summary>
    /// Fills in what a scored row says beside the reference's, unless that is being recorded. A row that got other input is marked, and says nothing beside it.
    /// May be called for several rows at once.
    /// </summary>
    /// <returns>The scored token's log-probability minus the reference's, in nats; null where there is nothing to hold it against.</returns>
    internal double? Compare(MeasuredRow row, in LogitScore score, ReadOnlySpan<float> logits)
    {
        if (Reference is null or { IsRecording: true })
        {
            return null;
        }
        var buffer = ArrayPool<float>.Shared.Rent(logits.Length);
        try
        {
            var theirs = buffer.AsSpan(0, logits.Length);
            var input = RowInput.Of(row);
            var isThere = Reference.TryGet(input, theirs, out var said, out var hasLogits);
            if (isThere && said.Input != input.Hash)
            {
                row.Flags = [.. row.Flags, RowFlags.InputsDiffer];
                return null;
            }
            row.ReferenceFileId = Reference.FileId;
            if (!isThere)
            {
                return null;
            }
            row.ReferenceTop1 = Finder.Token(said.Top1);
            row.ReferenceTop1LogProb = said.Top1LogProb;
            row.ReferenceTop1LogProbHere = logits[said.Top1] - score.LogSumExp;
            row.Kld =
                !hasLogits ? null
                : Reference.IsApproximation
                    ? Divergence.Kld(logits, score.LogSumExp, theirs, said.LogSumExp)
                : Divergence.Kld(theirs, said.LogSumExp, logits, score.LogSumExp);
            row.Flip = row.Outcome is { } here && said.Hit is { } there ? here != there : null;
            return row.Outcome is null ? null : score.TokenLogProb - said.TokenLogProb;
        }
        finally
        {
            ArrayPool<float>.Shared.Return(buffer);
        }
    }

    /// <summary>Lets a reference that is being recorded take note of a scored row.</summary>
    /// <param name="row">The row, its outcome filled in.</param>
    /// <param name="score">Its scores.</param>
    /// <param name="logits">(n_vocab,); empty for a row whose divergence is not computed.</param>
    internal void Record(MeasuredRow row, in LogitScore score, ReadOnlySpan<float> logits)
    {
        if (Reference is not { IsRecording: true })
        {
            return;
        }
        var input = RowInput.Of(row);
        double? scored = row.Outcome is null ? null : score.TokenLogProb;
        Reference.Add(
            input.Place,
            new(score.Top1, score.LogSumExp, score.Top1LogProb, scored, row.Outcome)
            {
                Input = input.Hash,
            },
            logits
        );
    }

    /// <summary>The published table's cell for an item, of the arm <c>without</c>: the bytes of what came back there; null where there is none.</summary>
    public byte[]? PublishedCell(Arm arm, Item item) =>
        arm == Arm.Without ? Published?.Cell(item.Bytes) : null;

    /// <summary>The published table's next token for a set of prompts: its bytes; null where there is none.</summary>
    /// <param name="arm">The condition: the table belongs to <c>without</c>.</param>
    /// <param name="set">The set, known by its name: one that came to a worker process as data is another object with other lists.</param>
    public byte[]? PublishedNext(Arm arm, PromptSet set) =>
        arm == Arm.Without && set.Name == PublishedPrompts.Published.Name
            ? Published?.Completion
            : null;

    /// <summary>Warnings that every measured row of the file carries.</summary>
    public string[] Flags
    {
        get => _flags;
        init => (_flags, _flagsWithBos) = (value, [.. value, RowFlags.BosInText]);
    }

    /// <summary>The warnings of a row that feeds this token, behind whatever prefix.</summary>
    public string[] FlagsOf(int token) => token == Facts.BosToken ? _flagsWithBos : Flags;

    /// <summary>The warnings of a row that feeds these tokens, behind whatever prefix.</summary>
    public string[] FlagsOf(int[] tokens) =>
        Facts.BosToken is { } bos && tokens.Contains(bos) ? _flagsWithBos : Flags;

    private readonly string[] _flags = Facts.Flags;

    // Made once: a whole vocabulary asks for them row by row.
    private readonly string[] _flagsWithBos = [.. Facts.Flags, RowFlags.BosInText];
}

/// <summary>What probes write into the column <c>reason</c>.</summary>
internal static class ProbeReasons
{
    public const string Nonfinite = "the model's logits hold NaN or infinity";
    public const string ContinuationEnded = "the continuation ended early: " + Nonfinite;
}
