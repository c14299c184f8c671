//! A table for people: the first column to the left, numbers to the right.

use std::fmt;

/// Rows of cells below a head; every row has as many cells as the head.
#[derive(Debug, Clone)]
pub struct Table {
    rows: Vec<Vec<String>>,
}

impl Table {
    /// With these titles of columns.
    pub fn new(head: &[&str]) -> Self {
        Self { rows: vec![head.iter().map(|&title| title.to_owned()).collect()] }
    }

    /// Adds a row at the bottom.
    pub fn push(&mut self, row: Vec<String>) {
        self.rows.push(row);
    }
}

/// A number with about three digits that mean something; a dash where there is none.
pub fn number(value: Option<f64>) -> String {
    match value {
        None => "-".to_owned(),
        Some(value) if value >= 100.0 => grouped(&format!("{value:.0}")),
        Some(value) if value >= 10.0 => format!("{value:.1}"),
        Some(value) => format!("{value:.2}"),
    }
}

fn grouped(digits: &str) -> String {
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = |column: usize| {
            let cells = self.rows.iter().filter_map(|row| row.get(column));
            cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
        };
        for row in &self.rows {
            for (column, cell) in row.iter().enumerate() {
                let width = width(column);
                match column {
                    0 => write!(f, "{cell:<width$}")?,
                    _ => write!(f, "  {cell:>width$}")?,
                }
            }
            writeln!(f)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up() {
        let mut table = Table::new(&["", "a second", "× one"]);
        table.push(vec!["the log".into(), number(Some(12_345.6)), number(Some(41.26))]);
        table.push(vec!["the disk, alone".into(), number(None), number(Some(0.204))]);
        let lines = [
            "                 a second  × one",
            "the log            12,346   41.3",
            "the disk, alone         -   0.20",
            "",
        ];
        assert_eq!(table.to_string(), lines.join("\n"));
    }
}
