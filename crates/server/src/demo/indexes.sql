-- Made after the rows: filling a table without its indexes is quicker.
CREATE INDEX OrdersByDate ON Orders (OrderDate);
CREATE INDEX OrdersByCustomer ON Orders (CustomerId);
CREATE INDEX LinesByProduct ON OrderLines (ProductId);
CREATE INDEX ProductsByCategory ON Products (CategoryId);
