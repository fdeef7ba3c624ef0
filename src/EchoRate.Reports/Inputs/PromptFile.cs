using EchoRate.Core.Text;

namespace EchoRate.Reports.Inputs;

/// <summary>A prompt that a person wants completed.</summary>
/// <param name="Id">Its name, one of a kind in the file.</param>
/// <param name="Prompt">The text.</param>
/// <param name="Expected">The expected continuation, leading space and all; null where none was given.</param>
/// <param name="Line">The line in the file.</param>
public sealed record PromptInput(string Id, string Prompt, string? Expected, int Line);

/// <summary>
/// A file of prompts, <c>id,prompt,expected</c>. The header is required, the expected text is not. Cells may stand in piece form, as in
/// our own files.
/// </summary>
public static class PromptFile
{
    /// <summary>Reads all prompts, in the order of the file.</summary>
    /// <exception cref="InputFileException">The file cannot be used; the message says where and why.</exception>
    public static IReadOnlyList<PromptInput> Read(string path)
    {
        List<PromptInput> prompts = [];
        Dictionary<string, int> lines = [];
        foreach (var row in InputTable.Read(path, ["id", "prompt"], ["expected"]))
        {
            var id = row.Text(0) ?? throw row.Refuse("the id is empty.");
            var prompt = row.Text(1) ?? throw row.Refuse("the prompt is empty.");
            if (!lines.TryAdd(id, row.Line))
            {
                throw row.Refuse(
                    $"the id {PieceNotation.Format(id)} already stands in line {lines[id]}."
                );
            }
            prompts.Add(new PromptInput(id, prompt, row.Text(2), row.Line));
        }
        return prompts.Count > 0
            ? prompts
            : throw new InputFileException(path, null, "has a header and no prompts.");
    }
}
