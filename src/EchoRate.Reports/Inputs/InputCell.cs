using System.Text;
using System.Text.Unicode;

namespace EchoRate.Reports.Inputs;

/// <summary>Cells that have to be text, not just bytes.</summary>
internal static class InputCell
{
    /// <summary>The text of a cell; null where it is empty.</summary>
    public static string? Text(string path, int line, string column, byte[]? cell)
    {
        if (cell is not { Length: > 0 })
        {
            return null;
        }
        return Utf8.IsValid(cell)
            ? Encoding.UTF8.GetString(cell)
            : throw new InputFileException(
                path,
                line,
                $"the {column} {Core.Text.PieceNotation.Format(cell)} is not UTF-8 text."
            );
    }
}
