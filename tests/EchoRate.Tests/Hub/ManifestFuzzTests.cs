using EchoRate.Hub.Manifests;

namespace EchoRate.Tests.Hub;

public class ManifestFuzzTests(ITestOutputHelper output)
{
    private const int Seed = 20251121;
    private const int Mutants = 400;

    // What YAML gives a meaning to, and what a text file should not hold.
    private static readonly string[] s_pieces =
    [
        .. "[ ] { } : - ? , # & * ! | > ' \" % @ ` ~ \\ \t \0 \r \n \u0085 \u2028 \uFEFF \uD83D \U0001F600".Split(
            ' '
        ),
        .. new[]
        {
            "\n---\n",
            "\n...\n",
            "<<: ",
            "- - - ",
            "? ",
            "%YAML 9.9\n",
            "!!binary ",
            "\"\\x",
            "\"\\U00110000\"",
            ": |9\n",
            " ",
        },
    ];

    [Fact]
    public void Mutations_of_the_shipped_manifest_are_read_or_refused_quickly()
    {
        output.WriteLine($"seed {Seed}");
        var random = new Random(Seed);
        var original = File.ReadAllBytes(Path.Combine(Repository.Root, "gguf-manifest.yaml"));
        (int read, int refused, TimeSpan slowest) = (0, 0, TimeSpan.Zero);

        for (int i = 0; i < Mutants; i++)
        {
            var mutant = Mutate(original, random);
            var watch = Stopwatch.StartNew();
            try
            {
                ManifestReader.Parse(mutant, "m.yaml");
                read++;
            }
            catch (ManifestException problem)
            {
                refused++;
                Assert.DoesNotContain(problem.Message, char.IsControl);
            }
            slowest = watch.Elapsed > slowest ? watch.Elapsed : slowest;
        }

        output.WriteLine(
            $"{read} read, {refused} refused, slowest {slowest.TotalMilliseconds:F0} ms"
        );
        Assert.True(slowest < TimeSpan.FromSeconds(5), $"slowest: {slowest}");
        Assert.True(read > 0 && refused > read);
    }

    private static byte[] Mutate(byte[] original, Random random)
    {
        List<byte> bytes = [.. original];
        for (int edits = random.Next(1, 4); edits > 0; edits--)
        {
            var at = random.Next(bytes.Count);
            var length = Math.Min(random.Next(1, 200), bytes.Count - at);
            switch (random.Next(6))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes.RemoveRange(at, length);
                    break;
                case 2:
                    bytes.InsertRange(
                        at,
                        Encoding.UTF8.GetBytes(s_pieces[random.Next(s_pieces.Length)])
                    );
                    break;
                case 3:
                    bytes.InsertRange(random.Next(bytes.Count), bytes.GetRange(at, length));
                    break;
                case 4:
                    bytes.RemoveRange(at, bytes.Count - at);
                    bytes.Add((byte)'\n');
                    break;
                default:
                    var pile = string.Concat(
                        Enumerable.Repeat(s_pieces[random.Next(s_pieces.Length)], random.Next(2000))
                    );
                    bytes.InsertRange(at, Encoding.UTF8.GetBytes(pile));
                    break;
            }
        }
        return [.. bytes];
    }
}
