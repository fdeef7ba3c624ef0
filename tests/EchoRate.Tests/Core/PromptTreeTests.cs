namespace EchoRate.Tests.Core;

public sealed class PromptTreeTests
{
    [Fact]
    public void Every_prompt_ends_up_whole_in_a_sequence_of_its_own_and_what_is_shared_is_decoded_once()
    {
        var random = new Random(11);
        for (var round = 0; round < 500; round++)
        {
            var prompts = Prompts(random, random.Next(1, 20));

            var (sequences, decoded, asked) = Follow(new PromptTree(prompts), prompts);

            Assert.Equal(DistinctBeginnings(prompts), decoded);
            Assert.Equal(Enumerable.Range(0, prompts.Length), asked.Order());
            var tree = new PromptTree(prompts);
            Assert.Equal(
                Enumerable.Range(0, prompts.Length),
                Enumerable.Range(0, prompts.Length).Select(tree.SequenceOf).Order()
            );
            for (var prompt = 0; prompt < prompts.Length; prompt++)
            {
                Assert.Equal(prompts[prompt], sequences[tree.SequenceOf(prompt)]);
            }
        }
    }

    /// <summary>Token ids of prompts, few enough that many begin alike and some are the same.</summary>
    internal static int[][] Prompts(Random random, int count) =>
        [
            .. Enumerable
                .Range(0, count)
                .Select(_ =>
                    Enumerable.Range(0, random.Next(1, 12)).Select(_ => random.Next(0, 2)).ToArray()
                ),
        ];

    /// <summary>How many different beginnings prompts have, each one of them whole: the tokens that have to be decoded.</summary>
    internal static int DistinctBeginnings(IReadOnlyList<int[]> prompts) =>
        prompts
            .SelectMany(ids =>
                Enumerable.Range(1, ids.Length).Select(length => string.Join(' ', ids[..length]))
            )
            .Distinct()
            .Count();

    // What a session would do, with its rules: a copy goes into an empty sequence, and shows what the other holds at that time.
    private static (Dictionary<int, List<int>> Sequences, int Decoded, List<int> Asked) Follow(
        PromptTree tree,
        int[][] prompts
    )
    {
        var sequences = new Dictionary<int, List<int>> { [0] = [] };
        var (decoded, asked) = (0, new List<int>());
        foreach (var level in tree.Levels)
        {
            foreach (var (source, destination) in level.Copies)
            {
                sequences.Add(destination, [.. sequences[source]]);
            }
            foreach (var segment in level.Segments)
            {
                var held = sequences[segment.Sequence];
                Assert.Equal(segment.From, held.Count);
                held.AddRange(prompts[segment.Prompt][segment.From..segment.To]);
                decoded += segment.To - segment.From;
                Assert.All(segment.Ending, prompt => Assert.Equal(prompts[prompt], held));
                asked.AddRange(segment.Ending);
            }
        }
        return (sequences, decoded, asked);
    }
}
