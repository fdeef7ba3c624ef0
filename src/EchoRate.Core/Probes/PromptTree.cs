namespace EchoRate.Core.Probes;

/// <summary>
/// Prompts laid together where they begin alike: what several share is decoded once, in the sequence of one of them, and copied to the
/// others, level by level. Which prompt lives in which sequence, and what is decoded when, follows from the prompts alone.
/// </summary>
/// <remarks>
/// <code>
/// level 0   When                      sequence 0
/// level 1   └ John and                sequence 0
/// level 2      ├ Mary went …          sequence 0
///              └ Sarah went …         sequence 1, a copy of 0 as it was after level 1
///           └ James and …             sequence 2, a copy of 0 as it was after level 0
/// </code>
/// </remarks>
internal sealed class PromptTree
{
    private readonly IReadOnlyList<int[]> _prompts;
    private readonly int[] _sequences;
    private readonly List<Level> _levels = [];
    private int _used;

    public PromptTree(IReadOnlyList<int[]> prompts)
    {
        _prompts = prompts;
        _sequences = new int[prompts.Count];
        Lay([.. Enumerable.Range(0, prompts.Count)], from: 0, level: 0, source: null);
    }

    /// <summary>What is copied and decoded, in order; a level needs all that stand before it.</summary>
    public IReadOnlyList<Level> Levels => _levels;

    /// <summary>The sequence that a prompt stands in, whole, after the last level.</summary>
    public int SequenceOf(int prompt) => _sequences[prompt];

    // All of `prompts` agree up to `from`, which stands in the sequence `source`; null where nothing stands anywhere.
    private void Lay(List<int> prompts, int from, int level, int? source)
    {
        var first = _prompts[prompts[0]];
        var to = prompts.Min(prompt => first.AsSpan().CommonPrefixLength(_prompts[prompt]));
        var ending = prompts.FindAll(prompt => _prompts[prompt].Length == to);
        var branches = prompts
            .Where(prompt => _prompts[prompt].Length > to)
            .GroupBy(prompt => _prompts[prompt][to])
            .Select(branch => branch.ToList())
            .ToList();
        // A prompt that ends here keeps its sequence as it is; otherwise the first branch goes on in it.
        var sequence = source ?? _used++;
        At(level).Segments.Add(new Segment(prompts[0], from, to, sequence, ending));
        foreach (var (index, prompt) in ending.Index())
        {
            _sequences[prompt] = index == 0 ? sequence : Copy(level + 1, sequence);
        }
        foreach (var (index, branch) in branches.Index())
        {
            var isHeir = index == 0 && ending.Count == 0;
            Lay(branch, to, level + 1, isHeir ? sequence : Copy(level + 1, sequence));
        }
    }

    private int Copy(int level, int sequence)
    {
        At(level).Copies.Add((sequence, _used));
        return _used++;
    }

    private Level At(int level)
    {
        while (_levels.Count <= level)
        {
            _levels.Add(new Level([], []));
        }
        return _levels[level];
    }

    /// <summary>What is done at once: first the copies of sequences as they are before this level, then the segments.</summary>
    internal sealed record Level(
        List<(int Source, int Destination)> Copies,
        List<Segment> Segments
    );

    /// <summary>Tokens that are decoded together into one sequence: those of a prompt from one place (0-based) up to another.</summary>
    internal sealed record Segment(int Prompt, int From, int To, int Sequence, List<int> Ending);
}
