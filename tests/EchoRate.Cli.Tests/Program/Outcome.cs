namespace EchoRate.Cli.Tests.Program;

/// <summary>How the program ended.</summary>
/// <param name="ExitCode">What it answered.</param>
/// <param name="Out">What it wrote to stdout.</param>
/// <param name="Error">What it wrote to stderr.</param>
internal sealed record Outcome(int ExitCode, string Out, string Error)
{
    /// <summary>The lines of stderr.</summary>
    public string[] ErrorLines => Lines(Error);

    /// <summary>The lines of stdout.</summary>
    public string[] OutLines => Lines(Out);

    /// <summary>What it wrote to stdout, as JSON, where it ended well and said nothing on stderr.</summary>
    public JsonElement Json
    {
        get
        {
            Assert.Equal((0, ""), (ExitCode, Error));
            return JsonDocument.Parse(Out).RootElement;
        }
    }

    private static string[] Lines(string text) =>
        text.Length == 0 ? [] : text.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
}

/// <summary>Values of a JSON document by their path: <c>engine.name</c>.</summary>
internal static class JsonPath
{
    /// <summary>The value.</summary>
    public static JsonElement At(this JsonElement json, string path) =>
        path.Split('.').Aggregate(json, (at, name) => at.GetProperty(name));

    /// <summary>The value as text; empty where it is null.</summary>
    public static string Text(this JsonElement json, string path) => json.At(path).ToString();

    /// <summary>The value as a number.</summary>
    public static double Number(this JsonElement json, string path) => json.At(path).GetDouble();

    /// <summary>The parts of a list.</summary>
    public static IEnumerable<JsonElement> Each(this JsonElement json, string path) =>
        json.At(path).EnumerateArray();

    /// <summary>One value of each part of a list, as text.</summary>
    public static IEnumerable<string> Each(this JsonElement json, string path, string of) =>
        json.Each(path).Select(part => part.Text(of));

    /// <summary>The names of an object's fields, in their order.</summary>
    public static string Names(this JsonElement json) =>
        string.Join(' ', json.EnumerateObject().Select(field => field.Name));
}
