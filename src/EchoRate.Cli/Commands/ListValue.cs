using EchoRate.Cli.Errors;

namespace EchoRate.Cli.Commands;

/// <summary>Options that take several values, separated by commas or given again: <c>--arms without,with</c>.</summary>
internal static class ListValue
{
    /// <summary>The values, in order, each once.</summary>
    /// <exception cref="UsageException">A value is empty, or given twice.</exception>
    public static IReadOnlyList<string> Split(string option, IEnumerable<string> given)
    {
        var values = given
            .SelectMany(text => text.Split(','))
            .Select(value => value.Trim())
            .ToList();
        if (values.Exists(value => value.Length == 0))
        {
            throw new UsageException($"{option}: an empty value in '{string.Join(',', given)}'");
        }
        var twice = values
            .GroupBy(value => value, StringComparer.OrdinalIgnoreCase)
            .FirstOrDefault(group => group.Count() > 1);
        return twice is null
            ? values
            : throw new UsageException($"{option}: '{twice.Key}' is given twice");
    }
}
