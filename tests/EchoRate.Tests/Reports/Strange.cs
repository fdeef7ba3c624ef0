namespace EchoRate.Tests.Reports;

/// <summary>Seeded texts and bytes of the kind that break CSV files; the seed is in every failure's message.</summary>
internal sealed class Strange(int seed)
{
    private static readonly string[] Parts =
    [
        "",
        " ",
        "a",
        "John",
        "'",
        "\"",
        "\"\"",
        ",",
        ";",
        "\t",
        "\n",
        "\r",
        "\r\n",
        "=1+1",
        "+",
        "-",
        "@",
        "\\",
        @"\x41",
        @"\n",
        "0",
        "1,5",
        "é",
        "日本",
        "😀",
        "\u0000",
        "\u007f",
        "\u0085",
        "\u200b",
        "\u202e",
        "\ufeff",
        "\ufffd",
        "\ue000",
        "e\u0301",
    ];

    private readonly Random random = new(seed);

    public string Text()
    {
        var text = new StringBuilder();
        for (var count = random.Next(6); count > 0; count--)
        {
            text.Append(Parts[random.Next(Parts.Length)]);
        }
        return text.ToString();
    }

    public byte[] Bytes()
    {
        if (random.Next(2) == 0)
        {
            var bytes = new byte[random.Next(6)];
            random.NextBytes(bytes);
            return bytes;
        }
        var text = Encoding.UTF8.GetBytes(Text());
        return text.Length > 0 && random.Next(3) == 0 ? text[..^1] : text;
    }

    public double Number() =>
        random.Next(6) switch
        {
            0 => 0.0,
            1 => -0.0,
            2 => random.Next(-1000, 1000),
            3 => random.NextDouble() - 0.5,
            4 => Math.Exp(random.NextDouble() * 80 - 40) * (random.Next(2) * 2 - 1),
            _ => Finite(
                BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue))
            ),
        };

    public int[] Ids() => [.. Enumerable.Range(0, random.Next(4)).Select(_ => random.Next())];

    private static double Finite(double value) =>
        double.IsFinite(value) && Math.Abs(value) is > 1e-300 and < 1e300 ? value : 1.0 / 3;
}
