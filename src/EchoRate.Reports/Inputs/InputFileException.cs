namespace EchoRate.Reports.Inputs;

/// <summary>A file that a person wrote cannot be used. The message is one line: the file, the line, what is wrong and what would be right.</summary>
public sealed class InputFileException : Exception
{
    /// <summary>Says what is wrong; the line is null where the whole file is meant.</summary>
    public InputFileException(string path, int? line, string problem)
        : base(line is { } number ? $"{path}, line {number}: {problem}" : $"{path}: {problem}")
    {
        Path = path;
        Line = line;
        Problem = problem;
    }

    /// <summary>The file, as it was named.</summary>
    public string Path { get; }

    /// <summary>The line, from 1, where the row begins; null where the whole file is meant.</summary>
    public int? Line { get; }

    /// <summary>What is wrong, without the place.</summary>
    public string Problem { get; }
}
