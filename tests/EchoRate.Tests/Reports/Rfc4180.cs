using System.Text;

namespace EchoRate.Tests.Reports;

/// <summary>A reader of its own, letter by letter as the RFC says, so that the library is not checked with itself.</summary>
internal static class Rfc4180
{
    public static List<List<string>> Parse(byte[] file, char separator)
    {
        var text = new UTF8Encoding(false, throwOnInvalidBytes: true)
            .GetString(file)
            .TrimStart('\ufeff');
        List<List<string>> rows = [];
        List<string> row = [];
        var at = 0;
        while (at < text.Length)
        {
            row.Add(Field(text, separator, ref at));
            if (at < text.Length && text[at] == separator)
            {
                at++;
                continue;
            }
            Assert.Equal("\r\n", text.Substring(at, 2));
            at += 2;
            rows.Add(row);
            row = [];
        }
        return rows;
    }

    private static string Field(string text, char separator, ref int at)
    {
        var field = new StringBuilder();
        if (text[at] != '"')
        {
            while (text[at] != separator && text[at] != '\r')
            {
                Assert.NotEqual('"', text[at]);
                Assert.NotEqual('\n', text[at]);
                field.Append(text[at++]);
            }
            return field.ToString();
        }
        at++;
        while (true)
        {
            if (text[at] == '"' && text[at + 1] == '"')
            {
                at++;
            }
            else if (text[at] == '"')
            {
                at++;
                return field.ToString();
            }
            field.Append(text[at++]);
        }
    }
}
