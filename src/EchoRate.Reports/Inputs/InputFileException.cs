namespace EchoRate.Reports.Inputs;

/// <summary>A file that a person wrote cannot be used. The message is one line: the file, the line, what is wrong and what would be right.</summary>
/// <param name="path">The file, as it was named.</param>
/// <param name="line">The line, from 1, where the row begins; null where the whole file is meant.</param>
/// <param name="problem">What is wrong.</param>
public sealed class InputFileException(string path, int? line, string problem)
    : Exception(line is null ? $"{path}: {problem}" : $"{path}, line {line}: {problem}");
